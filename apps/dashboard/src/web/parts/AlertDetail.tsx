import { timelineOf } from '../alert-timeline.js';
import { formatClock } from '../format-time.js';
import { useNowMs, usePage } from '../page-context.js';
import { usePoll } from '../use-poll.js';
import { Ago } from './Ago.js';
import { AlertActions } from './AlertActions.js';
import { ownerText } from './AlertRow.js';
import { Block, Pair } from './Block.js';
import { Empty } from './Empty.js';
import { Headline } from './Headline.js';
import { Link } from './Link.js';
import { StatusMark } from './StatusMark.js';

const marks = { good: 'healthy', bad: 'down', neutral: 'no_data' } as const;
const AROUND_MS = 5 * 60_000;

/** One alert: its story in the order of time, and where to look next. */
export function AlertDetail({ id }: { readonly id: string }) {
  const { call, status, zone } = usePage();
  const nowMs = useNowMs();
  const { reply, fault, again } = usePoll(`alert ${id}`, (signal) => call('alert', { id }, signal));
  if (reply === null)
    return <Headline status="no_data" text={fault === null ? 'Looking for the alert …' : fault.message} />;
  const { alert, steps } = reply;
  const isOpen = alert !== null && alert.phase !== 'ok';
  const service = alert?.service ?? steps[0]?.service ?? '';
  const since = alert?.since ?? steps.at(-1)?.at ?? null;
  const others = Object.values(status.reply?.services ?? {}).filter(
    (each) => each.name !== service && each.status !== 'healthy',
  );
  const around =
    since === null
      ? null
      : {
          from: new Date(Date.parse(since) - AROUND_MS).toISOString(),
          to: new Date(Date.parse(since) + AROUND_MS).toISOString(),
        };
  return (
    <>
      <Headline
        status={isOpen ? (alert.severity === 'warning' ? 'degraded' : 'down') : 'healthy'}
        text={alert?.title ?? id}
      />
      {isOpen && (
        <div className="lead">
          <span>{ownerText(alert, status.reply?.alerter)}</span> <AlertActions alert={alert} onDone={again} />
        </div>
      )}
      <div className="columns">
        <Block title="What happened">
          {timelineOf(reply).length === 0 ? (
            <Empty text="Nothing is recorded of it." />
          ) : (
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">What</th>
                  <th scope="col">Detail</th>
                </tr>
              </thead>
              <tbody>
                {timelineOf(reply).map((entry) => (
                  <tr key={`${entry.at} ${entry.word} ${entry.text}`}>
                    <td className="nowrap" title={entry.at}>
                      {formatClock(entry.at, nowMs, zone)}
                    </td>
                    <td>
                      <StatusMark mark={marks[entry.tone]} word={entry.word} />
                    </td>
                    <td className="dim wrap">{entry.text}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Block>
        <Block title="About it">
          <dl className="pairs one">
            <Pair label="Service" value={<Link to={{ place: 'services', item: service }}>{service}</Link>} />
            <Pair label="Rule" value={alert?.rule ?? steps[0]?.rule ?? '–'} />
            {reply.meaning !== null && <Pair label="In words" value={reply.meaning} />}
            {alert !== null && alert.value !== null && (
              <Pair label="Value, threshold" value={`${Number(alert.value.toFixed(3))}, ${alert.threshold}`} />
            )}
            <Pair label="Began" value={<Ago at={since} />} />
            {alert?.acknowledged_by != null && (
              <Pair
                label="Acknowledged"
                value={
                  <>
                    {alert.acknowledged_by}, <Ago at={alert.acknowledged_at} />
                  </>
                }
              />
            )}
            <Pair
              label="Elsewhere now"
              value={
                others.length === 0
                  ? 'all other services are healthy'
                  : others.map((each) => `${each.display_name} ${each.status.replace('_', ' ')}`).join(', ')
              }
            />
            {around !== null && (
              <Pair
                label="Log"
                value={<Link to={{ place: 'logs', params: new Map(Object.entries(around)) }}>lines of ± 5 min</Link>}
              />
            )}
          </dl>
        </Block>
      </div>
    </>
  );
}
