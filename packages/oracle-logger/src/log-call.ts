import { isProxy } from 'node:util/types';
import { findLevel, type Level } from './levels.js';
import { bigIntText } from './line/json-writer.js';
import { ownFields } from './own-fields.js';
import { errorText, errorType, isPlain, ownData, viewOf } from './redact/view.js';

/** What a caller said, whatever way winston's many forms let it be said. */
export interface LogCall {
  readonly message: string;
  readonly fields: object | null;
}

/** Whether a call is `(message)` or `(message, fields)` with a text: nearly all are, and need no reading. */
export function isUsual(message: unknown, first: unknown, rest: readonly unknown[]): message is string {
  return typeof message === 'string' && rest.length === 0 && (typeof first === 'object' || first === undefined);
}

/**
 * Reads `(message)`, `(message, fields)`, `(error)`, `(message, error)`, `(fields)` and `(message, …more)`. An Error goes
 * to `error`, with its type in `error_type`; what is neither text nor object goes to `args`, so that nothing is lost.
 */
export function readCall(message: unknown, first: unknown, rest: readonly unknown[]): LogCall {
  if (isUsual(message, first, rest)) return { message, fields: toFields(first) };
  const { text, fields } = readMessage(message);
  const further = [first, ...rest].filter((item) => item !== undefined);
  const filled = fillPlaces(text, further);
  const all = further.slice(filled.used).map(toFields);
  return { message: filled.text, fields: mergeFields([fields, ...all]) };
}

/** What winston's `log({ level, message, … })` says. Never throws. */
export function readEntry(entry: object): { readonly level: Level; readonly message: unknown } {
  try {
    if (isProxy(entry)) return { level: 'info', message: entry };
    const level = findLevel(ownData(entry, 'level')) ?? 'info';
    return { level, message: 'message' in entry ? entry : ownFields(entry, ['level']) };
  } catch {
    return { level: 'info', message: '[Unreadable]' };
  }
}

/** How much text may come of a call's places to fill. */
const longestFilled = 65_536;

/**
 * Puts plain values in their places in the text (`'took %d ms', 12`), as console.log does: only there can be seen whether
 * `password=%s` makes one a secret.
 */
function fillPlaces(text: string, values: readonly unknown[]): { readonly text: string; readonly used: number } {
  let used = 0;
  if (values.length === 0 || text.length > longestFilled) return { text, used };
  const filled = text.replace(/%[sdifjoO%]/g, (place) => {
    if (place === '%%') return used > 0 ? '%' : place;
    const value = values[used];
    if (used >= values.length || !isPlainValue(value)) return place;
    used++;
    return textOf(value).slice(0, longestFilled);
  });
  return { text: filled, used };
}

function isPlainValue(value: unknown): boolean {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value) || value === null;
}

/** @param isNested whether it is the message of an object that is a message itself */
function readMessage(message: unknown, isNested = false): { readonly text: string; readonly fields: object | null } {
  if (typeof message === 'string') return { text: message, fields: null };
  if (message === undefined) return { text: '', fields: null };
  if (typeof message !== 'object' || message === null) return { text: textOf(message), fields: null };
  const fields = toFields(message);
  if (fields !== null && isErrorFields(fields)) {
    return { text: errorText(message, 'message') ?? '', fields };
  }
  const own = isProxy(message) ? undefined : ownData(message, 'message');
  if (own === undefined) return { text: '', fields };
  const others = ownFields(message, ['message', 'level']);
  if (typeof own !== 'object' || own === null) return { text: textOf(own), fields: others };
  const inner = isNested ? { text: '', fields: toFields(own) } : readMessage(own, true);
  return { text: inner.text, fields: mergeFields([inner.fields, others]) };
}

/** Anything as fields: plain objects as they are, everything else under a name. */
export function toFields(value: unknown): object | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object') return { args: [value] };
  if (isProxy(value)) return { args: ['[Proxy]'] };
  if (Array.isArray(value)) return { args: value };
  if (isPlain(value)) return value;
  if (isError(value)) return { error: value, error_type: errorType(value) };
  return viewAsFields(value);
}

function viewAsFields(value: object): object {
  try {
    const view = viewOf(value);
    if (typeof view === 'object' && view !== null && !Array.isArray(view) && !isProxy(view)) return view;
    return { args: [view] };
  } catch {
    return { args: ['[Unreadable]'] };
  }
}

function isError(value: object): boolean {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function isErrorFields(fields: object): boolean {
  return Object.hasOwn(fields, 'error_type') && Object.hasOwn(fields, 'error');
}

function mergeFields(all: readonly (object | null)[]): object | null {
  const present = all.filter((fields) => fields !== null);
  if (present.length < 2) return present[0] ?? null;
  const merged: Record<string, unknown> = {};
  const args: unknown[] = [];
  for (const fields of present) {
    for (const [key, value] of Object.entries(ownFields(fields))) {
      if (key === 'args' && Array.isArray(value)) args.push(...(value as unknown[]).slice(0, 200));
      else merged[key] = value;
    }
  }
  return args.length > 0 ? { ...merged, args } : merged;
}

function textOf(value: unknown): string {
  if (typeof value === 'function') return '[Function]';
  return typeof value === 'bigint' ? bigIntText(value) : String(value);
}
