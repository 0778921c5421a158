import type { ServiceSummary } from '../../contract/status.js';
import { formatMs, formatPercent, formatPerHour } from '../format-number.js';
import { useNowMs, usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { AlertRow } from '../parts/AlertRow.js';
import { Dependencies } from '../parts/Dependencies.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { HistoryCharts } from '../parts/HistoryCharts.js';
import { Link } from '../parts/Link.js';
import { Sparkline } from '../parts/Sparkline.js';
import { StatusMark } from '../parts/StatusMark.js';
import { Strip } from '../parts/Strip.js';
import { overviewSentence, worstFirst } from '../sentence.js';

function Overview() {
  const { status, zone } = usePage();
  const nowMs = useNowMs();
  const { reply } = status;
  if (reply === null)
    return <Headline status="no_data" text={status.fault === null ? 'Looking around …' : status.fault.message} />;
  const services = worstFirst(Object.values(reply.services));
  return (
    <>
      <Headline {...overviewSentence(reply, nowMs, zone)} />
      {reply.alerts.length > 0 && (
        <section aria-label="Open alerts">
          <ul className="alert-list">
            {reply.alerts.slice(0, 5).map((alert) => (
              <AlertRow key={alert.id} alert={alert} />
            ))}
          </ul>
        </section>
      )}
      {services.length === 0 ? (
        <Empty
          text="Nothing is watched. Name a target in the configuration file and restart:"
          line='{"targets":[{"name":"oracle","kind":"service","url":"http://127.0.0.1:9090"}]}'
        />
      ) : (
        <ServiceTable services={services} />
      )}
      {reply.primary !== null && <HistoryCharts service={reply.primary} which="response" />}
    </>
  );
}

function ServiceTable({ services }: { readonly services: readonly ServiceSummary[] }) {
  return (
    <table className="services">
      <caption className="hidden">Services, worst first</caption>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Service</th>
          <th scope="col" className="wide">
            Last 24 h
          </th>
          <th scope="col" className="number">
            p95, 1 h
          </th>
          <th scope="col" className="number">
            Readings
          </th>
          <th scope="col" className="number">
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
        {services.map((service) => (
          <ServiceRow key={service.name} service={service} />
        ))}
      </tbody>
    </table>
  );
}

function ServiceRow({ service }: { readonly service: ServiceSummary }) {
  const { figures, last_incident: incident } = service;
  const why = unknownReason(service);
  return (
    <tr className={`row row-${service.status}`}>
      <td className="c-status">
        <StatusMark mark={service.silenced_until === null ? service.status : 'silenced'} />
      </td>
      <th scope="row" className="c-name">
        <Link to={{ place: 'services', item: service.name }}>{service.display_name}</Link>
        <span className="dim kind">{service.reason ?? service.kind}</span>
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
        <Dependencies dependencies={service.dependencies} />
      </td>
      <td className="c-incident dim">
        {incident === null ? 'none' : incident.to === null ? 'now' : <Ago at={incident.to} />}
      </td>
    </tr>
  );
}

/** Why a figure is a dash; nothing when it is there. */
function unknownReason({ status, kind, figures }: ServiceSummary): string | undefined {
  if (figures.p95_ms !== null || figures.average_ms !== null) return undefined;
  if (kind !== 'service') return `A target of kind ${kind} reports no operations`;
  return status === 'down' ? 'No metrics while it is down' : 'No operation in the last hour';
}

export const overview = { id: 'overview', place: '', title: 'Overview', key: 'o', Panel: Overview } as const;
