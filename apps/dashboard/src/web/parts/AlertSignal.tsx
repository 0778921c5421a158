import { useMemo } from 'react';
import type { AlertContextReply, SignalSeries } from '../../contract/alert-context.js';
import type { AlertSummary } from '../../contract/alerts.js';
import type { Deploy } from '../../contract/history.js';
import { formatSignal } from '../signal-value.js';
import { Block } from './Block.js';
import { ChartFrame } from './ChartFrame.js';

/** The figure an alert was judged by, crossing its threshold. */
export function AlertSignal({
  id,
  alert,
  context,
  deploys,
}: {
  readonly id: string;
  readonly alert: AlertSummary | null;
  readonly context: AlertContextReply | null;
  readonly deploys: readonly Deploy[];
}) {
  const series = context?.series ?? null;
  const since = context?.since ?? null;
  const drawn = useMemo(() => (series === null ? null : drawnOf(series)), [series]);
  const span = useMemo(
    () =>
      series === null || since === null
        ? null
        : {
            fromMs: Date.parse(series.from),
            toMs: Date.parse(series.to),
            deploys,
            alerts: [
              {
                id,
                title: alert?.title ?? id,
                severity: alert?.severity ?? 'warning',
                from: since,
                to: alert === null || alert.phase === 'ok' ? (alert?.resolved_at ?? series.to) : null,
              },
            ],
          },
    [series, since, deploys, id, alert],
  );
  if (context !== null && series === null) return null;
  return (
    <Block
      title="What was judged"
      aside={
        series?.source === 'steps' && (
          <span className="dim">not kept in history: only the values the alert was judged by</span>
        )
      }
    >
      <ChartFrame
        title={series?.signal ?? 'signal'}
        span={span}
        rows={drawn?.rows ?? []}
        series={drawn?.series ?? []}
        format={drawn?.format ?? String}
        {...(drawn === null ? {} : { threshold: drawn.threshold })}
        empty="No value of that time is kept."
        scaleKey={id}
      />
    </Block>
  );
}

function drawnOf({ points, source, unit, comparison, threshold }: SignalSeries) {
  const steps = source === 'steps' || unit === 'state' || unit === 'count';
  return {
    series: [{ field: 'value', label: 'last', tone: 'middle', shape: 'line', steps }] as const,
    rows: points.map(({ at, value }) => ({ atMs: Date.parse(at), value })),
    format: (value: number | null) => formatSignal(value, unit),
    threshold: { value: threshold, label: `fires ${comparison} ${formatSignal(threshold, unit)}` },
  };
}
