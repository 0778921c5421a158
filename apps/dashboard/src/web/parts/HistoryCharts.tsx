import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import type { HistoryReply } from '../../contract/history.js';
import { type ChartRow, chartRows } from '../charts/chart-series.js';
import type { Series } from '../charts/SeriesChart.js';
import { formatAvailability, formatCount, formatMs, formatPercent, UNKNOWN } from '../format-number.js';
import { usePage } from '../page-context.js';
import { usePoll } from '../use-poll.js';
import { RangePicker, useRange } from './RangePicker.js';

// recharts is most of the page's weight; the figures are there before it is.
const SeriesChart = lazy(async () => ({ default: (await import('../charts/SeriesChart.js')).SeriesChart }));

const response: readonly Series[] = [
  { field: 'p99', label: 'p99', tone: 'faint', shape: 'line' },
  { field: 'p95', label: 'p95', tone: 'middle', shape: 'line' },
  { field: 'p50', label: 'p50', tone: 'strong', shape: 'line' },
];
const throughput: readonly Series[] = [
  { field: 'perHour', label: 'operations per hour', tone: 'count', shape: 'area' },
];
const errors: readonly Series[] = [{ field: 'errorPercent', label: 'failed', tone: 'error', shape: 'area' }];

const SLOW_MS = 10_000;
const ERROR_PERCENT = 5;

/** The past of one service: response times alone, or with throughput and errors on the same time axis. */
export function HistoryCharts({ service, which }: { readonly service: string; readonly which: 'response' | 'all' }) {
  const { call, route, zone } = usePage();
  const range = useRange();
  const operation = route.params.get('operation');
  const polled = usePoll(
    JSON.stringify([service, range, operation]),
    (signal) => call('history', { service, range, ...(operation === null ? {} : { operation }) }, signal),
    15_000,
  );
  const { reply } = polled;
  const rows = useMemo(() => (reply === null ? [] : chartRows(reply)), [reply]);
  const title = reply === null ? 'Response time' : `Response time of ${reply.operation}, ${reply.service}`;
  return (
    <section className="history" aria-label={title}>
      <div className="history-head">
        <h2>{title}</h2>
        <p className="dim history-uptime">
          {reply === null ? '' : `available ${formatAvailability(reply.uptime_ratio)} of the time watched`}
        </p>
        <RangePicker />
      </div>
      <ChartFrame
        {...{ reply, rows, series: response, format: formatMs, label: 'Response time' }}
        timeZone={zone === 'utc' ? 'UTC' : undefined}
        threshold={{ value: SLOW_MS, label: 'slow: 10 s' }}
      />
      {which === 'all' && (
        <>
          <h2>Throughput</h2>
          <ChartFrame
            {...{ reply, rows, series: throughput, format: formatPerHourAxis, label: 'Throughput' }}
            timeZone={zone === 'utc' ? 'UTC' : undefined}
          />
          <h2>Errors</h2>
          <ChartFrame
            {...{ reply, rows, series: errors, format: formatPercent, label: 'Errors' }}
            timeZone={zone === 'utc' ? 'UTC' : undefined}
            threshold={{ value: ERROR_PERCENT, label: 'error rate: 5 %' }}
          />
        </>
      )}
    </section>
  );
}

interface FrameProps {
  readonly reply: HistoryReply | null;
  readonly rows: readonly ChartRow[];
  readonly series: readonly Series[];
  readonly format: (value: number | null) => string;
  readonly label: string;
  readonly timeZone: string | undefined;
  readonly threshold?: { readonly value: number; readonly label: string };
}

/** A chart's place is reserved from the first moment on: what comes later moves nothing. */
function ChartFrame({ reply, rows, series, format, label, timeZone, threshold }: FrameProps) {
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const hasPoints = reply !== null && reply.points.length > 0;
  return (
    <figure className="chart">
      <figcaption className="legend">
        {series.map((each) => (
          <span key={each.field} className="legend-item">
            <span className={`swatch swatch-${each.tone}`} />
            {each.label} <b>{format(lastOf(rows, each.field))}</b>
          </span>
        ))}
        <button
          type="button"
          className="button quiet"
          aria-pressed={view === 'table'}
          onClick={() => setView(view === 'chart' ? 'table' : 'chart')}
          aria-label={`${label}: ${view === 'chart' ? 'show as table' : 'show as chart'}`}
        >
          {view === 'chart' ? 'Table' : 'Chart'}
        </button>
      </figcaption>
      <div className="chart-box">
        {frameContent({ reply, hasPoints, view, rows, series, format, label, timeZone, threshold })}
      </div>
    </figure>
  );
}

function frameContent(
  known: Omit<FrameProps, 'threshold'> & {
    readonly hasPoints: boolean;
    readonly view: 'chart' | 'table';
    readonly threshold: FrameProps['threshold'];
  },
): ReactNode {
  const { reply, hasPoints, view, rows, series, format, label, timeZone, threshold } = known;
  if (reply === null) return <p className="chart-note">Loading …</p>;
  if (!hasPoints)
    return (
      <p className="chart-note">
        {reply.recorded ? emptyText(reply) : 'No history is at hand: the database does not answer, or nobody records.'}
      </p>
    );
  if (view === 'table') return <ChartTable {...{ rows, series, format, label }} />;
  const { alerts, deploys } = reply;
  return (
    <Suspense fallback={<p className="chart-note">Loading the chart …</p>}>
      <SeriesChart
        {...{ rows, series, format, alerts, deploys, timeZone }}
        fromMs={Date.parse(reply.from)}
        toMs={Date.parse(reply.to)}
        syncId="history"
        {...(threshold === undefined ? {} : { threshold })}
      />
    </Suspense>
  );
}

/** A running service has minutes to show only once the first is over and collected. */
function emptyText({ operations }: HistoryReply): string {
  return operations.length === 0
    ? 'No operation in this range.'
    : 'No minute is recorded in this range yet; the first appears within two minutes.';
}

/** The same values for those who read rather than see. */
function ChartTable({ rows, series, format, label }: Pick<FrameProps, 'rows' | 'series' | 'format' | 'label'>) {
  const filled = rows.filter((row) => series.some(({ field }) => row[field] !== null)).toReversed();
  return (
    // Scrollable regions must be reachable by keyboard.
    <div className="chart-table" tabIndex={0} role="region" aria-label={`${label} as a table`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map(({ field, label: name }) => (
              <th key={field} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {filled.slice(0, 500).map((row) => (
            <tr key={row.atMs}>
              <th scope="row">
                {new Date(row.atMs).toLocaleString('en-GB', {
                  day: 'numeric',
                  month: 'short',
                  hour: '2-digit',
                  minute: '2-digit',
                })}
              </th>
              {series.map(({ field }) => (
                <td key={field} className="number">
                  {format(row[field])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function lastOf(rows: readonly ChartRow[], field: Series['field']): number | null {
  return rows.findLast((row) => row[field] !== null)?.[field] ?? null;
}

function formatPerHourAxis(value: number | null): string {
  return value === null ? UNKNOWN : `${formatCount(value)}/h`;
}
