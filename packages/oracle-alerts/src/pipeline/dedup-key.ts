import { createHash } from 'node:crypto';

/** PagerDuty's limit for `dedup_key`. */
const LONGEST = 255;

/** The same for a fire, its copies and its recovery; readable where it fits and `clean` takes nothing from it. */
export function dedupKeyOf(alertKey: string, clean: (text: string, maxUnits: number) => string): string {
  const plain = `nps:${alertKey}`;
  const isShowable = /^[\x20-\x7e]*$/.test(plain) && clean(plain, LONGEST) === plain;
  return isShowable ? plain : `nps:${digestOf(alertKey)}`;
}

/** Short stable name of any text. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
