import { useCallback, useMemo } from 'react';
import { stepMs } from '../../contract/history.js';
import type { Figures, ServiceReply, ServiceSummary, StatusReply } from '../../contract/status.js';
import { worstStep } from '../charts/chart-series.js';
import { formatMs, formatPercent, formatPerHour, UNKNOWN } from '../format-number.js';
import { formatClock } from '../format-time.js';
import { useNowMs, usePage } from '../page-context.js';
import { AlertRow } from '../parts/AlertRow.js';
import { Headline } from '../parts/Headline.js';
import { HistoryHead } from '../parts/HistoryHead.js';
import { Link } from '../parts/Link.js';
import { LogAround } from '../parts/LogAround.js';
import { ServiceCharts } from '../parts/ServiceCharts.js';
import { Checks, JobsOf, LastAlerts, Methods, Usage } from '../parts/ServiceTables.js';
import { Strip } from '../parts/Strip.js';
import { withParam } from '../route.js';
import { serviceSentence } from '../sentence.js';
import { useHistory } from '../use-history.js';
import { usePoll } from '../use-poll.js';

/** One service: its sentence, its figures, its past, what stands behind them. */
export function Service({ item }: { readonly item: string | null }) {
  const { status } = usePage();
  const summary = item === null ? undefined : status.reply?.services[item];
  if (status.reply === null) return <Headline status="no_data" text={status.fault?.message ?? 'Looking around …'} />;
  if (summary === undefined)
    return (
      <>
        <Headline status="no_data" text={`No service named “${item ?? ''}” is watched.`} />
        <p className="lead">
          <Link to={{ place: '' }}>All services</Link>
        </p>
      </>
    );
  return <Known summary={summary} reply={status.reply} />;
}

function Known({ summary, reply: known }: { readonly summary: ServiceSummary; readonly reply: StatusReply }) {
  const { call } = usePage();
  const { name } = summary;
  const { reply } = usePoll(`service ${name}`, (signal) => call('service', { name }, signal));
  const alerts = known.alerts.filter((alert) => alert.service === name);
  return (
    <>
      <ServiceHeadline summary={summary} reply={known} />
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
        <p className="strip-axis dim">
          <span>24 h ago</span>
          <span>12 h</span>
          <span>now</span>
        </p>
      </section>
      <Past summary={summary} />
      <div className="columns">
        <Checks dependencies={summary.dependencies} unknown={whyNoChecks(summary)} />
        {reply !== null && <Behind reply={reply} />}
      </div>
    </>
  );
}

function whyNoChecks({ status, kind }: ServiceSummary): string {
  if (kind !== 'service') return `A target of kind ${kind} reports no checks of its own.`;
  if (status === 'down') return 'Nothing is known of its checks: it does not answer.';
  return status === 'no_data' ? 'Nothing is known of its checks yet.' : 'It reports no checks.';
}

function ServiceHeadline({ summary, reply }: { readonly summary: ServiceSummary; readonly reply: StatusReply }) {
  const { zone } = usePage();
  return <Headline {...serviceSentence(summary, reply, useNowMs(), zone)} />;
}

function Behind({ reply: { health, metrics, jobs, last_alerts: steps } }: { readonly reply: ServiceReply }) {
  return (
    <>
      <Usage health={health} metrics={metrics} />
      {metrics !== null && <Methods rpc={metrics.rpc} />}
      {jobs.length > 0 && <JobsOf jobs={jobs} />}
      <LastAlerts steps={steps} />
    </>
  );
}

/** The charts, and the log around the worst moment in them or the one that was clicked. */
function Past({ summary: { name, display_name: title, strip } }: { readonly summary: ServiceSummary }) {
  const { route, go, zone } = usePage();
  const history = useHistory(name, strip);
  const worst = useMemo(() => worstStep(history.rows), [history.rows]);
  const asked = Date.parse(route.params.get('at') ?? '');
  const picked = Number.isNaN(asked) ? worst : { atMs: asked, why: 'the moment you chose' };
  const onPick = useCallback(
    (atMs: number) => go(withParam(route, 'at', new Date(atMs).toISOString()), 'replace'),
    [go, route],
  );
  const step = stepMs[history.range];
  return (
    <section className="history" aria-label={`The past of ${title}`}>
      <HistoryHead history={history} name={title} />
      <ServiceCharts {...{ service: name, history, onPick }} pickedMs={picked?.atMs ?? null} />
      {picked !== null && (
        <LogAround
          title={`Warnings and errors around ${formatClock(new Date(picked.atMs).toISOString(), Date.now(), zone)}`}
          service={name}
          atMs={picked.atMs + step / 2}
          minutes={Math.min(60, Math.max(2, Math.ceil(step / 60_000)))}
          note={`${picked.why}; click a chart for another moment`}
        />
      )}
    </section>
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
          <dd className="dim" title="The same hour yesterday">
            {before === UNKNOWN ? 'not known yesterday' : `${before} yesterday`}
          </dd>
        </div>
      ))}
    </dl>
  );
}
