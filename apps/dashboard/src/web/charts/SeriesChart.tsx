import { memo, useMemo, useRef } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { AlertBand, Deploy } from '../../contract/history.js';
import {
  type ChartRow,
  labelDeploys,
  type niceScale,
  type Series,
  steadyScale,
  tickLabel,
  timeTicks,
} from './chart-series.js';
import { Reading } from './Reading.js';

export interface SeriesChartProps {
  readonly rows: readonly ChartRow[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly series: readonly Series[];
  readonly format: (value: number | null) => string;
  readonly alerts: readonly AlertBand[];
  readonly deploys: readonly Deploy[];
  /** A rule's limit in the unit of the axis. */
  readonly threshold?: number | undefined;
  readonly timeZone?: string | undefined;
  /** Marked by a line: the moment whose log is shown. */
  readonly pickedMs?: number | null;
  /** A click asks for the log of that moment. */
  readonly onPick?: (atMs: number) => void;
  /** What is drawn; a scale is kept only within the same. */
  readonly scaleKey: string;
}

const MARGIN = { top: 8, right: 4, bottom: 0, left: 0 };
const FILL = { width: '100%', height: '100%' } as const;

/** Lines over time: y from 0, gaps as gaps, alerts as bands, deploys as dashed lines. Charts of one page move their crosshair together. */
export const SeriesChart = memo(function SeriesChart(props: SeriesChartProps) {
  const { rows, fromMs, toMs, series, format, alerts, deploys, threshold, timeZone, pickedMs = null, onPick } = props;
  const { top, ticks } = useSteadyScale(props);
  const clamp = (iso: string) => Math.min(toMs, Math.max(fromMs, Date.parse(iso)));
  const data = useMemo(() => [...rows], [rows]);
  return (
    <ComposedChart
      responsive
      style={FILL}
      data={data}
      margin={MARGIN}
      syncId="page"
      syncMethod="value"
      accessibilityLayer={false}
      onClick={({ activeLabel }) => {
        if (onPick !== undefined && activeLabel !== undefined) onPick(Number(activeLabel));
      }}
    >
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
        tickFormatter={(value: number) => (value === 0 ? '0' : format(value))}
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
      {labelDeploys(deploys, fromMs, toMs).map(({ id, at, version, side }) => (
        <ReferenceLine
          key={id}
          className="deploy"
          x={clamp(at)}
          {...(side === 'none'
            ? {}
            : { label: { value: version, position: side === 'left' ? 'insideTopRight' : 'insideTopLeft' } })}
        />
      ))}
      {threshold !== undefined && threshold <= top && <ReferenceLine className="threshold" y={threshold} />}
      {pickedMs !== null && pickedMs >= fromMs && pickedMs <= toMs && <ReferenceLine className="picked" x={pickedMs} />}
      <Tooltip
        isAnimationActive={false}
        cursor={{ className: 'crosshair' }}
        content={<Reading {...{ series, format, timeZone, alerts, deploys, rows }} />}
      />
      {series.map((each) => shapeOf(each, rows))}
    </ComposedChart>
  );
});

function useSteadyScale({ rows, series, scaleKey }: SeriesChartProps): ReturnType<typeof niceScale> {
  const before = useRef<{ readonly key: string; readonly scale: ReturnType<typeof niceScale> } | null>(null);
  const stacked = series.filter(({ shape }) => shape === 'stack');
  const values = rows.flatMap((row) =>
    stacked.length > 0
      ? [stacked.reduce((sum, { field }) => sum + (row[field] ?? 0), 0)]
      : series.map(({ field }) => row[field] ?? null),
  );
  const scale = steadyScale(before.current?.key === scaleKey ? before.current.scale : null, values);
  before.current = { key: scaleKey, scale };
  return scale;
}

function shapeOf({ field, label, tone, shape, steps = false }: Series, rows: readonly ChartRow[]) {
  const common = {
    dataKey: field,
    name: label,
    className: `series series-${tone}`,
    type: steps ? 'stepAfter' : 'linear',
    connectNulls: false,
    isAnimationActive: false,
    dot: isolated(rows, field, tone),
  } as const;
  if (shape === 'line') return <Line key={field} {...common} activeDot={{ r: 3, className: `active-${tone}` }} />;
  return <Area key={field} {...common} activeDot={false} {...(shape === 'stack' ? { stackId: 'all' } : {})} />;
}

/** A point between two gaps has no line to be seen by: it alone gets a dot. */
function isolated(rows: readonly ChartRow[], field: string, tone: string) {
  return ({ index, cx, cy }: { readonly index?: number; readonly cx?: number; readonly cy?: number }) => {
    const at = index ?? -1;
    const known = (offset: number) => (rows[at + offset]?.[field] ?? null) !== null;
    return known(0) && !known(-1) && !known(1) && cx !== undefined && cy !== undefined ? (
      <circle key={at} className={`lone swatch-${tone}`} cx={cx} cy={cy} r={2} />
    ) : (
      <g key={at} />
    );
  };
}
