import { copyRedacted } from './copy.js';
import { createRedactor } from './redactor.js';

export type { KeyRules } from './keys.js';
export { mask } from './redactor.js';

/** Wide enough for any report or page, and still an end to hostile input. */
const limits = { depth: 64, entries: 100_000, values: 200_000 } as const;

const standard = createRedactor();

/**
 * The value without its secrets. A text comes back as a text (the same one when nothing is secret in it); objects come
 * back as plain copies: errors as `{type, message, stack, cause}`, maps as objects, sets as arrays. Never throws, runs no
 * getter, and works in browsers as well.
 */
export function redact<T>(value: T): T {
  return copyRedacted(value, standard, limits) as T;
}
