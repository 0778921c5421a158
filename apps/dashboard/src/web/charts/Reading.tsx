import type { AlertBand, Deploy } from '../../contract/history.js';
import { plainTitle } from '../sentence.js';
import type { ChartRow, Series } from './chart-series.js';

interface ReadingProps {
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: unknown }[];
  readonly series: readonly Series[];
  readonly format: (value: number | null) => string;
  readonly timeZone?: string | undefined;
  readonly alerts: readonly AlertBand[];
  readonly deploys: readonly Deploy[];
  readonly rows: readonly ChartRow[];
}

/** The figures under the crosshair, and in words what the bands and dashed lines there mean. */
export function Reading({ active, payload, series, format, timeZone, alerts, deploys, rows }: ReadingProps) {
  const row = payload?.[0]?.payload as ChartRow | undefined;
  if (active !== true || row === undefined) return null;
  const { atMs } = row;
  const stepMs = (rows[1]?.atMs ?? 0) - (rows[0]?.atMs ?? 0);
  const burning = alerts.filter(
    ({ from, to }) => Date.parse(from) < atMs + stepMs && (to === null || Date.parse(to) > atMs),
  );
  const released = deploys.filter(({ at }) => Math.abs(Date.parse(at) - atMs) <= stepMs);
  const shown = series.filter(({ field, shape }) => shape !== 'stack' || (row[field] ?? 0) > 0);
  return (
    <div className="reading">
      <p>
        {new Date(atMs).toLocaleString('en-GB', {
          day: 'numeric',
          month: 'short',
          hour: '2-digit',
          minute: '2-digit',
          ...(timeZone === undefined ? {} : { timeZone }),
        })}
      </p>
      {shown.length === 0 && <p>none</p>}
      {shown.map(({ field, label, tone }) => (
        <p key={field}>
          <span className={`swatch swatch-${tone}`} />
          {label} <b>{format(row[field] ?? null)}</b>
        </p>
      ))}
      {burning.slice(0, 3).map((band) => (
        <p key={`${band.id} ${band.from}`} className="reading-note">
          {band.severity}: {plainTitle(band.title)}
        </p>
      ))}
      {released.map((deploy) => (
        <p key={deploy.id} className="reading-note">
          released {deploy.version} by {deploy.by}
        </p>
      ))}
    </div>
  );
}
