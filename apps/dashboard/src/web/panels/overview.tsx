import { memo } from 'react';
import type { ServiceSummary, StatusReply } from '../../contract/status.js';
import { formatMs, formatPercent, formatPerHour } from '../format-number.js';
import { useNowMs, usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { AlertRow } from '../parts/AlertRow.js';
import { Dependencies } from '../parts/Dependencies.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { HistoryHead } from '../parts/HistoryHead.js';
import { Link } from '../parts/Link.js';
import { ResponseChart } from '../parts/ResponseChart.js';
import { Sparkline } from '../parts/Sparkline.js';
import { StatusMark } from '../parts/StatusMark.js';
import { Strip } from '../parts/Strip.js';
import { overviewSentence } from '../sentence.js';
import { type Placed, worstFirst } from '../standing.js';
import { useHistory } from '../use-history.js';

/** How many open alerts stand above the services; the rest is one click away. */
const ALERTS_SHOWN = 5;

/** All services at a glance, worst first. */
export function Overview() {
  const { status } = usePage();
  const { reply } = status;
  if (reply === null)
    return <Headline status="no_data" text={status.fault === null ? 'Looking around …' : status.fault.message} />;
  const placed = worstFirst(Object.values(reply.services), reply.alerts);
  const charted = chartedOf(placed, reply.primary);
  return (
    <>
      <OverviewHeadline reply={reply} />
      {reply.alerts.length > 0 && (
        <section aria-label="Open alerts">
          <ul className="alert-list">
            {reply.alerts.slice(0, ALERTS_SHOWN).map((alert) => (
              <AlertRow key={alert.id} alert={alert} />
            ))}
            {reply.alerts.length > ALERTS_SHOWN && (
              <li className="alert-row">
                <Link to={{ place: 'alerts' }}>{reply.alerts.length - ALERTS_SHOWN} more alerts</Link>
              </li>
            )}
          </ul>
        </section>
      )}
      {placed.length === 0 ? (
        <Empty
          text="Name a target in the configuration file, which is taken up by itself:"
          line='{"targets":[{"name":"oracle","kind":"service","url":"http://127.0.0.1:9090"}]}'
        />
      ) : (
        <ServiceTable placed={placed} />
      )}
      {charted !== undefined && <Past service={charted} />}
    </>
  );
}

/** Apart from the table: its "3 min" grows every second. */
function OverviewHeadline({ reply }: { readonly reply: StatusReply }) {
  const { zone } = usePage();
  return <Headline {...overviewSentence(reply, useNowMs(), zone)} />;
}

/** The worst service that is not well and ran something within the hour, else the first of the file. */
function chartedOf(placed: readonly Placed[], primary: string | null): ServiceSummary | undefined {
  return (
    placed.find(
      ({ service, status }) =>
        (status === 'down' || status === 'degraded') && service.sparkline.some((value) => value !== null),
    ) ?? placed.find(({ service }) => service.name === primary)
  )?.service;
}

function Past({ service }: { readonly service: ServiceSummary }) {
  const history = useHistory(service.name, service.strip);
  return (
    <section className="history" aria-label={`The past of ${service.display_name}`}>
      <HistoryHead history={history} name={service.display_name} />
      <ResponseChart history={history} />
    </section>
  );
}

function ServiceTable({ placed }: { readonly placed: readonly Placed[] }) {
  return (
    <table className="services">
      <caption className="hidden">Services, worst first</caption>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Service</th>
          <th scope="col">Last 24 h</th>
          <th scope="col" className="number">
            p95, 1 h
          </th>
          <th scope="col" className="number">
            Readings
          </th>
          <th scope="col" className="c-average number">
            Average
          </th>
          <th scope="col" className="number">
            Errors
          </th>
          <th scope="col">Depends on</th>
          <th scope="col">Last incident</th>
        </tr>
      </thead>
      <tbody>
        {placed.map(({ service, status, word }) => (
          <ServiceRow key={service.name} {...{ service, status, word }} />
        ))}
      </tbody>
    </table>
  );
}

const ServiceRow = memo(function ServiceRow({ service, status, word }: Placed) {
  const { figures, last_incident: incident } = service;
  const why = unknownReason(service);
  return (
    <tr className={`row row-${status}`}>
      <td className="c-status">
        {service.silenced_until === null ? <StatusMark mark={status} word={word} /> : <StatusMark mark="silenced" />}
      </td>
      <th scope="row" className="c-name">
        <Link to={{ place: 'services', item: service.name }}>{service.display_name}</Link>
        <span className="dim kind">{service.reason?.replaceAll('_', ' ') ?? service.kind}</span>
      </th>
      <td className="c-strip">
        <Strip strip={service.strip} />
      </td>
      <td className="c-p95 number" title={why}>
        <Sparkline values={service.sparkline} />
        <span className="figure">{formatMs(figures.p95_ms)}</span>
      </td>
      <td className="c-rate number" title={why}>
        {formatPerHour(figures.readings_per_hour)}
      </td>
      <td className="c-average number" title={why}>
        {formatMs(figures.average_ms)}
      </td>
      <td className={`c-errors number ${(figures.error_rate_percent ?? 0) > 5 ? 'bad' : ''}`} title={why}>
        {formatPercent(figures.error_rate_percent)}
      </td>
      <td className="c-dependencies">
        <Dependencies dependencies={service.dependencies} unknown={whyNoDependencies(service)} />
      </td>
      <td className="c-incident dim">
        {incident === null ? 'none' : incident.to === null ? 'now' : <Ago at={incident.to} />}
      </td>
    </tr>
  );
}, shownAlike);

/** What changes at every look and is not drawn: redrawing 200 rows for it would be for nothing. */
const unseen: ReadonlySet<string> = new Set([
  'observed_at',
  'latency_ms',
  'message',
  'since',
  'source',
  'dependencies',
]);

function shownAlike(before: Placed, after: Placed): boolean {
  return (
    before.status === after.status &&
    before.word === after.word &&
    marksOf(before.service) === marksOf(after.service) &&
    (Object.keys(after.service) as (keyof ServiceSummary)[]).every(
      (field) => unseen.has(field) || before.service[field] === after.service[field],
    )
  );
}

/** What the marks of the dependencies show; their latencies change at every look. */
function marksOf({ dependencies }: ServiceSummary): string {
  return JSON.stringify(dependencies.map(({ name, status, error }) => [name, status, error]));
}

function whyNoDependencies({ status, kind }: ServiceSummary): string {
  if (kind !== 'service') return `A target of kind ${kind} reports no checks`;
  return status === 'down' || status === 'no_data' ? 'It did not say: it does not answer' : 'It reports no dependency';
}

/** Why a figure is a dash; nothing when it is there. */
function unknownReason({ status, kind, figures }: ServiceSummary): string | undefined {
  if (figures.p95_ms !== null || figures.average_ms !== null) return undefined;
  if (kind !== 'service') return `A target of kind ${kind} reports no operations`;
  return status === 'down' ? 'No metrics while it is down' : 'No operation in the last hour';
}
