import { lazy, Suspense, useState } from 'react';
import type { AlertBand, Deploy } from '../../contract/history.js';
import type { ChartRow, Series } from '../charts/chart-series.js';
import type { SeriesChartProps } from '../charts/SeriesChart.js';
import { usePage } from '../page-context.js';
import { Table } from './Table.js';

// recharts is most of the page's weight; the figures are there before it is.
const SeriesChart = lazy(async () => ({ default: (await import('../charts/SeriesChart.js')).SeriesChart }));

/** What a chart is drawn over: the same for all of a page. */
export interface ChartSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly alerts: readonly AlertBand[];
  readonly deploys: readonly Deploy[];
}

interface ChartFrameProps extends Pick<SeriesChartProps, 'pickedMs' | 'onPick' | 'scaleKey'> {
  readonly title: string;
  /** `null` until the first reply. */
  readonly span: ChartSpan | null;
  readonly rows: readonly ChartRow[];
  readonly series: readonly Series[];
  readonly format: (value: number | null) => string;
  readonly threshold?: { readonly value: number; readonly label: string };
  /** Said instead of a chart without a single value. */
  readonly empty: string;
}

/** A chart with its title, its legend and the same values as a table. Its place is reserved from the first moment on. */
export function ChartFrame(props: ChartFrameProps) {
  const { title, span, rows, series, format, threshold, empty, ...marks } = props;
  const { zone } = usePage();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const hasValues = rows.some((row) => series.some(({ field }) => (row[field] ?? null) !== null));
  return (
    <figure className="chart" aria-label={title}>
      <figcaption className="legend">
        <span className="chart-title">{title}</span>
        {series.map((each) => (
          <span key={each.field} className="legend-item">
            <span className={`swatch swatch-${each.tone}`} />
            {each.label} <b>{format(lastOf(rows, each.field))}</b>
          </span>
        ))}
        {threshold !== undefined && (
          <span className="legend-item">
            <span className="swatch swatch-threshold" />
            {threshold.label}
          </span>
        )}
        {hasValues && (
          <button
            type="button"
            className="button quiet"
            aria-pressed={view === 'table'}
            onClick={() => setView(view === 'chart' ? 'table' : 'chart')}
            aria-label={`${title}: ${view === 'chart' ? 'show as table' : 'show as chart'}`}
          >
            {view === 'chart' ? 'Table' : 'Chart'}
          </button>
        )}
      </figcaption>
      <div className="chart-box">
        {span === null ? (
          <p className="chart-note">Loading …</p>
        ) : !hasValues ? (
          <p className="chart-note">{empty}</p>
        ) : view === 'table' ? (
          <ChartTable {...{ rows, series, format, title }} />
        ) : (
          <Suspense fallback={<p className="chart-note">Loading the chart …</p>}>
            <SeriesChart
              {...{ rows, series, format }}
              {...span}
              {...marks}
              threshold={threshold?.value}
              timeZone={zone === 'utc' ? 'UTC' : undefined}
            />
          </Suspense>
        )}
      </div>
    </figure>
  );
}

/** The same values for those who read rather than see. */
function ChartTable({ rows, series, format, title }: Pick<ChartFrameProps, 'rows' | 'series' | 'format' | 'title'>) {
  const { zone } = usePage();
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  const filled = rows.filter((row) => series.some(({ field }) => (row[field] ?? null) !== null)).toReversed();
  return (
    // Scrollable regions must be reachable by keyboard.
    <div className="chart-table" tabIndex={0} role="region" aria-label={`${title} as a table`}>
      <Table
        label={title}
        rows={filled}
        keyOf={({ atMs }) => String(atMs)}
        columns={[
          {
            head: 'Time',
            kind: 'name',
            cell: ({ atMs }) =>
              new Date(atMs).toLocaleString('en-GB', {
                day: 'numeric',
                month: 'short',
                hour: '2-digit',
                minute: '2-digit',
                ...timeZone,
              }),
          },
          ...series.map(({ field, label }) => ({
            head: label,
            kind: 'number' as const,
            cell: (row: ChartRow) => format(row[field] ?? null),
          })),
        ]}
      />
    </div>
  );
}

function lastOf(rows: readonly ChartRow[], field: string): number | null {
  return rows.findLast((row) => (row[field] ?? null) !== null)?.[field] ?? null;
}
