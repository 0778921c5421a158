import type { Unit } from '../contract/index.js';

/** Decimals tried, shortest first, until a value reads differently from its threshold. */
const DECIMALS = [1, 2, 3, 4, 6] as const;

/**
 * Writes a value with its unit: `7.5%`, `12.3s`, `14 days`, `$3.2`, `3`. A value that is not the threshold is never
 * rounded to the threshold's figure, so that "5% (threshold: 5%)" is not written about 5.004 %.
 */
export function formatValue(value: number, unit: Unit, threshold?: number): string {
  const bare = threshold === undefined || threshold === value ? null : plain(scaled(threshold, unit), 6);
  const figure = scaled(value, unit);
  const texts = DECIMALS.map((decimals) => plain(figure, decimals));
  return decorated(texts.find((text) => text !== bare) ?? String(figure), unit);
}

function scaled(value: number, unit: Unit): number {
  return unit === 'ratio' ? value * 100 : value;
}

/** Fixed decimals without trailing zeros and without exponents. */
function plain(value: number, decimals: number): string {
  const text = Math.abs(value) < 1e15 ? value.toFixed(decimals) : String(value);
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

function decorated(text: string, unit: Unit): string {
  switch (unit) {
    case 'ratio':
      return `${text}%`;
    case 'seconds':
      return `${text}s`;
    case 'days':
      return `${text} ${text === '1' ? 'day' : 'days'}`;
    case 'usd':
      return `$${text}`;
    default:
      return text;
  }
}

/** `45 s`, `4 min 5 s`, `2 h 3 min`, `3 d 4 h`: two figures are enough for a person. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** `2026-02-08 14:30:00 UTC`. */
export function formatInstant(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return 'unknown time';
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
