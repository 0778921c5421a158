import { type Range, ranges } from '../contract/history.js';

/** Quarters of an hour a strip shows. */
const HOUR = 4;

/**
 * The range that shows something: a day, but for what has been watched for an hour or six only. Pure.
 * @param strip 96 letters, one per 15 minutes
 */
export function rangeFor(strip: string): Range {
  const known = strip.replace(/^-+/, '').length;
  if (known === 0 || known > 6 * HOUR) return '24h';
  return known > HOUR ? '6h' : '1h';
}

/** The range the address names, else the one that suits. Pure. */
export function chosenRange(params: ReadonlyMap<string, string>, otherwise: Range): Range {
  const named = params.get('range');
  return ranges.find((range) => range === named) ?? otherwise;
}
