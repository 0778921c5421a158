import type { Redactor } from './redactor.js';
import { ownData } from './view.js';

/** Properties that hold the name in `{ name: 'x-api-key', value: '…' }`. */
const nameKeys = ['name', 'key', 'header', 'field', 'variable', 'k', 'id'] as const;

/** Properties that hold the value there. */
const valueKeys: ReadonlySet<string> = new Set(['value', 'val', 'v', 'content', 'values', 'default', 'text']);

/** Whether `key` is the value half of a name/value object whose name is telling. */
export function isPairedSecret(redactor: Redactor, holder: object, key: string): boolean {
  if (!valueKeys.has(key)) return false;
  return nameKeys.some((nameKey) => isTellingName(redactor, ownData(holder, nameKey)));
}

/** Whether an item of a list follows its telling name: raw headers, `['--password', 'x']`, `[name, value]`. */
export function followsTellingName(redactor: Redactor, previous: unknown, item: unknown): boolean {
  if (typeof item !== 'string' || !isTellingName(redactor, previous)) return false;
  return (previous as string).startsWith('-') || !/^[A-Za-z]{1,12}$/.test(item);
}

function isTellingName(redactor: Redactor, name: unknown): boolean {
  return typeof name === 'string' && /^[\w.-]{2,64}$/.test(name) && redactor.judge(name) === 'secret';
}
