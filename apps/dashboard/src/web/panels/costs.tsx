import { formatCount, formatMs, formatUsd } from '../format-number.js';
import { usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { Link } from '../parts/Link.js';
import { usePoll } from '../use-poll.js';

function Costs() {
  const { call } = usePage();
  const { reply, fault } = usePoll('costs', (signal) => call('costs', {}, signal));
  if (reply === null) return <Headline status="no_data" text={fault === null ? 'Adding up …' : fault.message} />;
  const today = reply.lines.reduce((sum, { today_usd: usd }) => sum + usd, 0);
  const known = reply.lines.filter(({ month_usd: usd }) => usd !== null);
  const month = known.length === 0 ? null : known.reduce((sum, { month_usd: usd }) => sum + (usd ?? 0), 0);
  if (reply.lines.length === 0) {
    return (
      <>
        <Headline status="no_data" text="No service reports AI usage." />
        <Empty
          text="Record what each call used; the price table knows the published models:"
          line="metrics.recordTokens({ model, input, output, cacheRead, cacheWrite })"
        />
      </>
    );
  }
  return (
    <>
      <Headline
        status="healthy"
        text={`AI calls cost ${formatUsd(today)} today.${month === null ? '' : ` At this pace ${formatUsd(month)} in 30 days.`}`}
      />
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col" className="number">
              Today
            </th>
            <th scope="col" className="number">
              Tokens
            </th>
            <th scope="col" className="number side">
              Calls
            </th>
            <th scope="col" className="number side">
              p95
            </th>
            <th scope="col" className="number">
              30 days
            </th>
            <th scope="col" className="number side">
              Since start
            </th>
            <th scope="col" className="side">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {reply.lines.map((line) => (
            <tr key={line.service}>
              <th scope="row">
                <Link to={{ place: 'services', item: line.service }}>{line.display_name}</Link>
              </th>
              <td className="number">{formatUsd(line.today_usd)}</td>
              <td className="number">{formatCount(line.today_tokens)}</td>
              <td className="number side">{formatCount(line.today_calls)}</td>
              <td className="number side">{formatMs(line.call_p95_ms)}</td>
              <td
                className="number"
                title={line.month_usd === null ? 'The day is too young to say' : 'Thirty days at the pace of today'}
              >
                {formatUsd(line.month_usd)}
              </td>
              <td className="number side">{formatUsd(line.total_usd)}</td>
              <td className="side">
                <Ago at={line.started_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="dim note">
        Models without a known price are counted by the service as unknown and are not in these sums.
      </p>
    </>
  );
}

export const costs = { id: 'costs', place: 'costs', title: 'Costs', key: 'c', Panel: Costs } as const;
