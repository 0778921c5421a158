import type { Dependency, Figures, ServiceReply } from '../../contract/status.js';
import { formatCount, formatMs, formatPercent, formatPerHour, formatUsd } from '../format-number.js';
import { useNowMs, usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { AlertRow } from '../parts/AlertRow.js';
import { Block, Pair } from '../parts/Block.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { HistoryCharts } from '../parts/HistoryCharts.js';
import { markOf, StatusMark } from '../parts/StatusMark.js';
import { Strip } from '../parts/Strip.js';
import { readable, serviceSentence } from '../sentence.js';
import { usePoll } from '../use-poll.js';

function Service({ item }: { readonly item: string | null }) {
  const { call, status, zone } = usePage();
  const nowMs = useNowMs();
  const polled = usePoll(`service ${item}`, (signal) => call('service', { name: item ?? '' }, signal));
  const summary = item === null ? undefined : status.reply?.services[item];
  const alerts = status.reply?.alerts.filter((alert) => alert.service === item) ?? [];
  if (status.reply === null || summary === undefined)
    return (
      <Headline
        status="no_data"
        text={status.reply === null ? 'Looking around …' : `No service named “${item ?? ''}” is watched.`}
      />
    );
  const reply = polled.reply?.service.name === item ? polled.reply : null;
  return (
    <>
      <Headline {...serviceSentence(summary, status.reply, nowMs, zone)} />
      {summary.message !== null && <p className="quote">{summary.message}</p>}
      {alerts.length > 0 && (
        <ul className="alert-list">
          {alerts.map((alert) => (
            <AlertRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
      <FigureRow now={summary.figures} yesterday={reply?.yesterday ?? null} />
      <section aria-label="Last 24 hours">
        <Strip strip={summary.strip} />
      </section>
      <HistoryCharts service={summary.name} which="all" />
      <div className="columns">
        <Checks dependencies={summary.dependencies} />
        {reply !== null && <Reports reply={reply} />}
      </div>
    </>
  );
}

function FigureRow({ now, yesterday }: { readonly now: Figures; readonly yesterday: Figures | null }) {
  const figures: readonly [string, string, string][] = [
    ['p95, last hour', formatMs(now.p95_ms), formatMs(yesterday?.p95_ms ?? null)],
    ['Readings', formatPerHour(now.readings_per_hour), formatPerHour(yesterday?.readings_per_hour ?? null)],
    ['Average response', formatMs(now.average_ms), formatMs(yesterday?.average_ms ?? null)],
    ['Error rate', formatPercent(now.error_rate_percent), formatPercent(yesterday?.error_rate_percent ?? null)],
  ];
  return (
    <dl className="figures">
      {figures.map(([label, value, before]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="big">{value}</dd>
          <dd className="dim">{before} yesterday</dd>
        </div>
      ))}
    </dl>
  );
}

function Checks({ dependencies }: { readonly dependencies: readonly Dependency[] }) {
  if (dependencies.length === 0)
    return (
      <Block title="Checks">
        <Empty text="This target reports no checks of its own." />
      </Block>
    );
  return (
    <Block title="Checks">
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Latency
            </th>
            <th scope="col">Since</th>
            <th scope="col" className="side">
              Last good
            </th>
          </tr>
        </thead>
        <tbody>
          {dependencies.map((each) => (
            <tr key={each.name}>
              <th scope="row">
                {readable(each.name)}
                {each.critical && <span className="dim"> critical</span>}
              </th>
              <td>
                <StatusMark
                  mark={markOf(each.status)}
                  word={each.error === null ? each.status : `${each.status}: ${each.error}`}
                />
              </td>
              <td className="number">{formatMs(each.latency_ms)}</td>
              <td>
                <Ago at={each.since} />
              </td>
              <td className="side">
                {each.status === 'ok' ? <span className="dim">now</span> : <Ago at={each.last_ok_at} unknown="never" />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Block>
  );
}

function Reports({ reply: { health, metrics } }: { readonly reply: ServiceReply }) {
  if (metrics === null)
    return (
      <Block title="Usage">
        <Empty text="No metrics were reported yet." />
      </Block>
    );
  const errorTypes = Object.entries(metrics.errors.by_type)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 8);
  const methods = Object.entries(metrics.rpc).sort(([, a], [, b]) => b.count - a.count);
  return (
    <>
      <Block title="Usage today">
        <dl className="pairs">
          <Pair label="Readings and analyses" value={formatCount(metrics.today.total_operations)} />
          <Pair label="Users" value={formatCount(metrics.today.total_users)} />
          <Pair label="Messages" value={formatCount(metrics.today.total_messages)} />
          <Pair label="AI calls" value={formatCount(metrics.today.total_ai_tasks)} />
          <Pair label="AI tokens" value={formatCount(metrics.today.tokens_used)} />
          <Pair label="AI cost" value={formatUsd(metrics.today.cost_usd)} />
          <Pair label="Up for" value={<Ago at={metrics.started_at} />} />
          <Pair label="Version" value={health?.version ?? '–'} />
        </dl>
      </Block>
      <Block title="Errors by type, since start">
        {errorTypes.length === 0 ? (
          <p className="dim">None.</p>
        ) : (
          <dl className="pairs">
            {errorTypes.map(([type, count]) => (
              <Pair key={type} label={type} value={formatCount(count)} />
            ))}
          </dl>
        )}
      </Block>
      {methods.length > 0 && (
        <Block title="RPC, last hour">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Method</th>
                <th scope="col" className="number">
                  Calls
                </th>
                <th scope="col" className="number">
                  Failed
                </th>
                <th scope="col" className="number">
                  p50
                </th>
                <th scope="col" className="number">
                  p95
                </th>
                <th scope="col" className="number">
                  p99
                </th>
              </tr>
            </thead>
            <tbody>
              {methods.map(([method, rpc]) => (
                <tr key={method}>
                  <th scope="row">{method}</th>
                  <td className="number">{formatCount(rpc.count)}</td>
                  <td className="number">{formatCount(rpc.errors)}</td>
                  <td className="number">{formatMs(rpc.p50)}</td>
                  <td className="number">{formatMs(rpc.p95)}</td>
                  <td className="number">{formatMs(rpc.p99)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Block>
      )}
    </>
  );
}

export const service = { id: 'service', place: 'services', title: 'Service', key: null, Panel: Service } as const;
