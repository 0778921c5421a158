/** Shown for everything that is not known; the reason is in the title beside it. */
export const UNKNOWN = '–';

/** `4.2 ms`, `412 ms`, `1.24 s`, `2.5 min`. */
export function formatMs(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  if (ms < 9.95) return `${trim(ms, 1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trim(ms / 1000, ms < 9995 ? 2 : 1)} s`;
  return `${trim(ms / 60_000, 1)} min`;
}

/** `38/h`; below ten with one decimal. */
export function formatPerHour(perHour: number | null): string {
  if (perHour === null || !Number.isFinite(perHour)) return UNKNOWN;
  return `${perHour > 0 && perHour < 10 ? trim(perHour, 1) : formatCount(perHour)}/h`;
}

/** `0 %`, `< 0.1 %`, `0.4 %`, `12 %`. */
export function formatPercent(percent: number | null): string {
  if (percent === null || !Number.isFinite(percent)) return UNKNOWN;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${trim(percent, percent < 10 ? 1 : 0)} %`;
}

/** An availability: `99.95 %`, never rounded up to a hundred. */
export function formatAvailability(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return UNKNOWN;
  return ratio === 1 ? '100 %' : `${(Math.floor(ratio * 10_000) / 100).toString()} %`;
}

/** `812`, `41,200`, `1.2 M`. */
export function formatCount(count: number | null): string {
  if (count === null || !Number.isFinite(count)) return UNKNOWN;
  if (Math.abs(count) >= 999_950)
    return count < 999_950_000 ? `${trim(count / 1e6, 1)} M` : `${trim(count / 1e9, 1)} G`;
  return Math.round(count).toLocaleString('en-US');
}

/** `$0.0123` below a dollar, `$12.34` above. */
export function formatUsd(usd: number | null): string {
  if (usd === null || !Number.isFinite(usd)) return UNKNOWN;
  if (usd === 0) return '$0';
  return `$${usd < 1 ? usd.toFixed(4) : usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** `812 B`, `9.1 MB`: powers of ten, as disks are sold. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return UNKNOWN;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${trim(bytes / 1000 ** power, power === 0 ? 0 : 1)} ${units[power]}`;
}

function trim(value: number, decimals: number): string {
  return Number(value.toFixed(decimals)).toString();
}
