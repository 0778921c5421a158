/** What a key press asks for. */
export type KeyCommand =
  | { readonly does: 'go'; readonly key: string }
  | { readonly does: 'search' | 'help' | 'acknowledge' | 'silence' | 'range' | 'next' | 'previous' };

const single: Readonly<Record<string, KeyCommand>> = {
  '/': { does: 'search' },
  '?': { does: 'help' },
  a: { does: 'acknowledge' },
  s: { does: 'silence' },
  t: { does: 'range' },
  j: { does: 'next' },
  k: { does: 'previous' },
};

/** How long the second key of `g o` may take. */
export const SEQUENCE_MS = 1500;

/**
 * Reads a key. Pure.
 * @param before the key before it, when it came within {@link SEQUENCE_MS}
 */
export function commandOf(key: string, before: string | null): KeyCommand | null {
  if (before === 'g') return /^[a-z]$/.test(key) ? { does: 'go', key } : null;
  return Object.hasOwn(single, key) ? (single[key] ?? null) : null;
}

/** What the help shows, in the order of use. */
export const keyHelp: readonly (readonly [keys: string, does: string])[] = [
  ['/', 'search the logs'],
  ['j k', 'next, previous line'],
  ['Enter', 'open it'],
  ['a', 'acknowledge'],
  ['s', 'silence'],
  ['t', 'next range'],
  ['?', 'this help'],
];
