import { isProxy } from 'node:util/types';
import { bigIntText } from './line/json-writer.js';
import { errorText, errorType, isPlain, ownData, viewOf } from './redact/view.js';

/** What a caller said, whatever way winston's many forms let it be said. */
export interface LogCall {
  readonly message: string;
  readonly fields: object | null;
}

/**
 * Reads `(message)`, `(message, fields)`, `(error)`, `(message, error)`, `(fields)` and `(message, …more)`. An Error goes
 * to `error`, with its type in `error_type`; what is neither text nor object goes to `args`, so that nothing is lost.
 */
export function readCall(message: unknown, first: unknown, rest: readonly unknown[]): LogCall {
  if (typeof message === 'string' && rest.length === 0) return { message, fields: toFields(first) };
  const { text, fields } = readMessage(message);
  const further = [first, ...rest].filter((item) => item !== undefined);
  if (further.length === 0) return { message: text, fields };
  const all = further.map(toFields);
  return { message: text, fields: mergeFields([fields, ...all]) };
}

function readMessage(message: unknown): { readonly text: string; readonly fields: object | null } {
  if (typeof message === 'string') return { text: message, fields: null };
  if (message === undefined) return { text: '', fields: null };
  if (typeof message !== 'object' || message === null) return { text: textOf(message), fields: null };
  const fields = toFields(message);
  if (fields !== null && isErrorFields(fields)) {
    return { text: errorText(message, 'message') ?? '', fields };
  }
  const own = isProxy(message) ? undefined : ownData(message, 'message');
  if (own === undefined) return { text: '', fields };
  const text = typeof own === 'object' && own !== null ? readMessage(own).text : textOf(own);
  return { text, fields: without(message, ['message', 'level']) };
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
    for (const key of Object.keys(fields)) {
      const value = ownData(fields, key);
      if (key === 'args' && Array.isArray(value)) args.push(...(value as unknown[]).slice(0, 200));
      else if (key !== '__proto__') merged[key] = value;
    }
  }
  return args.length > 0 ? { ...merged, args } : merged;
}

/** The plain data of an object but for some names. */
export function without(fields: object, names: readonly string[]): object {
  const rest: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    if (!names.includes(key) && key !== '__proto__') rest[key] = ownData(fields, key);
  }
  return rest;
}

function textOf(value: unknown): string {
  if (typeof value === 'function') return '[Function]';
  return typeof value === 'bigint' ? bigIntText(value) : String(value);
}
