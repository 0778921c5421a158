import type { Objective } from '../../contract/slo.js';
import { formatAvailability, formatPercent, UNKNOWN } from '../format-number.js';
import { formatDuration } from '../format-time.js';
import { useNowMs, usePage } from '../page-context.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { Link } from '../parts/Link.js';
import { StatusMark } from '../parts/StatusMark.js';
import type { Mark } from '../parts/StatusShape.js';
import { usePoll } from '../use-poll.js';

function Slo() {
  const { call } = usePage();
  const nowMs = useNowMs();
  const { reply, fault } = usePoll('slo', (signal) => call('slo', {}, signal), 30_000);
  if (reply === null)
    return <Headline status="no_data" text={fault === null ? 'Working out the budgets …' : fault.message} />;
  const known = reply.objectives.filter(({ left_ratio: left }) => left !== null);
  const spent = known.filter(({ left_ratio: left }) => left !== null && left <= 0);
  if (known.length === 0) {
    return (
      <>
        <Headline status="no_data" text="No availability is recorded yet." />
        <Empty text="Budgets need history: run the alerter with the same DATABASE_URL as this dashboard." />
      </>
    );
  }
  return (
    <>
      <Headline
        status={spent.length > 0 ? 'down' : 'healthy'}
        text={
          spent.length > 0
            ? `${spent.map(({ display_name: name }) => name).join(', ')} ${spent.length === 1 ? 'has' : 'have'} used up the error budget.`
            : `Every service keeps its promise of ${reply.target_percent} %.`
        }
      />
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Budget</th>
            <th scope="col">Service</th>
            <th scope="col" className="number">
              Available
            </th>
            <th scope="col" className="number">
              Left
            </th>
            <th scope="col" className="number side">
              Down, allowed
            </th>
            {['1 h', '6 h', '1 d', '3 d'].map((window) => (
              <th key={window} scope="col" className="number side">
                Pace {window}
              </th>
            ))}
            <th scope="col" className="side">
              Lasts
            </th>
          </tr>
        </thead>
        <tbody>
          {reply.objectives.map((objective) => (
            <Row key={objective.service} objective={objective} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
      <p className="dim note">
        Over {reply.window_days} days; a pace of 1 uses the budget up exactly at their end. Degraded time counts as
        available.
      </p>
    </>
  );
}

function Row({ objective, nowMs }: { readonly objective: Objective; readonly nowMs: number }) {
  const { left_ratio: left, exhausted_at: ends } = objective;
  const mark: Mark = left === null ? 'no_data' : left <= 0 ? 'down' : left < 0.25 ? 'degraded' : 'healthy';
  const word = left === null ? 'unknown' : left <= 0 ? 'used up' : left < 0.25 ? 'low' : 'fine';
  const lasts =
    left !== null && left <= 0
      ? 'used up'
      : ends === null
        ? 'beyond the window'
        : formatDuration(Date.parse(ends) - nowMs);
  return (
    <tr>
      <td>
        <StatusMark mark={mark} word={word} />
      </td>
      <th scope="row">
        <Link to={{ place: 'services', item: objective.service }}>{objective.display_name}</Link>
      </th>
      <td className="number" title={`${formatPercent(objective.observed_ratio * 100)} of the window was observed`}>
        {formatAvailability(objective.availability)}
      </td>
      <td className="number">
        {left === null ? UNKNOWN : left < 0 ? `−${formatPercent(-left * 100)}` : formatPercent(left * 100)}
      </td>
      <td className="number side">{`${objective.used_minutes.toFixed(1)} of ${objective.budget_minutes.toFixed(1)} min`}</td>
      {objective.burn.map(({ window, rate }) => (
        <td key={window} className={`number side ${(rate ?? 0) > 6 ? 'bad' : ''}`}>
          {rate === null ? UNKNOWN : Number(rate.toFixed(1))}
        </td>
      ))}
      <td className="side">{left === null ? UNKNOWN : lasts}</td>
    </tr>
  );
}

export const slo = { id: 'slo', place: 'slo', title: 'SLO', key: 'b', Panel: Slo } as const;
