import type { Unit } from '@nps/oracle-alerts/contract';
import { formatCount, formatMs, formatPercent, formatUsd, UNKNOWN } from './format-number.js';

/** The value of a rule's signal in its unit: `5.3 %`, `10 s`, `14 days`. */
export function formatSignal(value: number | null, unit: Unit): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  if (unit === 'ratio') return formatPercent(value * 100);
  if (unit === 'seconds') return formatMs(value * 1000);
  if (unit === 'usd') return formatUsd(value);
  if (unit === 'days') return `${Number(value.toFixed(1))} days`;
  return Math.abs(value) < 10 ? Number(value.toFixed(2)).toString() : formatCount(value);
}
