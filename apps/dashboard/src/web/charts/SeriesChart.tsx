import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { AlertBand, Deploy } from '../../contract/history.js';
import { type ChartRow, niceScale, tickLabel, timeTicks } from './chart-series.js';

/** One series of a chart. */
export interface Series {
  readonly field: keyof Omit<ChartRow, 'atMs'>;
  readonly label: string;
  /** A class of the theme that gives it colour and weight. */
  readonly tone: 'strong' | 'middle' | 'faint' | 'count' | 'error';
  readonly shape: 'line' | 'area';
}

export interface SeriesChartProps {
  readonly rows: readonly ChartRow[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly series: readonly Series[];
  readonly format: (value: number | null) => string;
  readonly alerts: readonly AlertBand[];
  readonly deploys: readonly Deploy[];
  /** A rule's limit in the unit of the axis. */
  readonly threshold?: { readonly value: number; readonly label: string };
  readonly timeZone?: string | undefined;
  /** Charts of one page move their crosshair together. */
  readonly syncId: string;
}

const MARGIN = { top: 8, right: 4, bottom: 0, left: 0 };

/** Lines over time: y from 0, gaps as gaps, alerts as bands, deploys as dashed lines. */
export function SeriesChart({
  rows,
  fromMs,
  toMs,
  series,
  format,
  alerts,
  deploys,
  threshold,
  timeZone,
  syncId,
}: SeriesChartProps) {
  const { top, ticks } = niceScale(rows.flatMap((row) => series.map(({ field }) => row[field])));
  const clamp = (iso: string) => Math.min(toMs, Math.max(fromMs, Date.parse(iso)));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={[...rows]} margin={MARGIN} syncId={syncId} accessibilityLayer={false}>
        <CartesianGrid vertical={false} />
        <XAxis
          dataKey="atMs"
          type="number"
          domain={[fromMs, toMs]}
          ticks={[...timeTicks(fromMs, toMs)]}
          tickFormatter={(atMs: number) => tickLabel(atMs, toMs - fromMs, timeZone)}
          tickLine={false}
          minTickGap={24}
        />
        <YAxis
          domain={[0, top]}
          ticks={[...ticks]}
          tickFormatter={(value: number) => format(value)}
          tickLine={false}
          axisLine={false}
          width={64}
        />
        {alerts.map((band) => (
          <ReferenceArea
            key={`${band.id} ${band.from}`}
            className={`band band-${band.severity}`}
            x1={clamp(band.from)}
            x2={band.to === null ? toMs : clamp(band.to)}
          />
        ))}
        {deploys.map((deploy) => (
          <ReferenceLine
            key={deploy.id}
            className="deploy"
            x={clamp(deploy.at)}
            label={{ value: deploy.version, position: 'insideTopLeft' }}
          />
        ))}
        {threshold !== undefined && threshold.value <= top && (
          <ReferenceLine
            className="threshold"
            y={threshold.value}
            label={{ value: threshold.label, position: 'insideBottomRight' }}
          />
        )}
        <Tooltip
          isAnimationActive={false}
          cursor={{ className: 'crosshair' }}
          content={<Reading series={series} format={format} timeZone={timeZone} />}
        />
        {series.map(({ field, label, tone, shape }) => {
          const common = {
            dataKey: field,
            name: label,
            className: `series series-${tone}`,
            connectNulls: false,
            isAnimationActive: false,
          } as const;
          return shape === 'area' ? (
            <Area key={field} {...common} type="stepAfter" dot={false} activeDot={false} />
          ) : (
            <Line key={field} {...common} type="linear" dot={isolated(rows, field)} activeDot={{ r: 3 }} />
          );
        })}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** A point between two gaps has no line to be seen by: it alone gets a dot. */
function isolated(rows: readonly ChartRow[], field: Series['field']) {
  return ({ index, cx, cy }: { readonly index?: number; readonly cx?: number; readonly cy?: number }) => {
    const at = index ?? -1;
    const isAlone =
      rows[at]?.[field] !== null &&
      (rows[at - 1]?.[field] ?? null) === null &&
      (rows[at + 1]?.[field] ?? null) === null;
    return isAlone && cx !== undefined && cy !== undefined ? (
      <circle key={at} className="lone" cx={cx} cy={cy} r={1.5} />
    ) : (
      <g key={at} />
    );
  };
}

interface ReadingProps {
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: unknown }[];
  readonly series: readonly Series[];
  readonly format: (value: number | null) => string;
  readonly timeZone?: string | undefined;
}

/** The figures under the crosshair. */
function Reading({ active, payload, series, format, timeZone }: ReadingProps) {
  const row = payload?.[0]?.payload as ChartRow | undefined;
  if (active !== true || row === undefined) return null;
  const zone = timeZone === undefined ? {} : { timeZone };
  return (
    <div className="reading">
      <p>
        {new Date(row.atMs).toLocaleString('en-GB', {
          day: 'numeric',
          month: 'short',
          hour: '2-digit',
          minute: '2-digit',
          ...zone,
        })}
      </p>
      {series.map(({ field, label, tone }) => (
        <p key={field}>
          <span className={`swatch swatch-${tone}`} />
          {label} <b>{format(row[field])}</b>
        </p>
      ))}
    </div>
  );
}
