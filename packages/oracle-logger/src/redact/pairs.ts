import { programOf, secretArgument } from './commands.js';
import type { Redactor } from './redactor.js';
import { isScrambled } from './shapes.js';
import { ownData } from './view.js';

/** Properties that hold the name in `{ name: 'x-api-key', value: '…' }`, as in `Name` and `ParameterKey` too. */
export const nameKeys: readonly string[] =
  'name key header field variable k id param parameter property label option setting attribute env path title'.split(
    ' ',
  );

/** Properties that hold the value there; `newValue` and `stringValue` are known by their end. */
export const valueKeys: readonly string[] = 'value val v content values default text data current'.split(' ');

const isNameKey = membership([...nameKeys, '.*(?:name|key)']);

const isValueKey = membership([...valueKeys, '.*value']);

/** Private members of a JSON Web Key (RFC 7518, 6.2.2, 6.3.2, 6.4.1). */
const privateJwkKeys: ReadonlySet<string> = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']);

/** Names that stand beside a value are among its first members. */
const mostSiblings = 16;

/** In a list of texts what is longer is no name of a header or an option. */
const longestFlatName = 40;

function membership(forms: readonly string[]): (key: string) => boolean {
  const known = new RegExp(`^(?:${forms.join('|')})$`, 'i');
  return (key) => key.length <= 64 && known.test(key);
}

/** Whether {@link isPairedSecret} needs to look at such a key's holder. */
export function mayBePaired(key: string): boolean {
  return isValueKey(key) || privateJwkKeys.has(key);
}

/** Whether `key` is the value half of a name/value object whose name is telling, or a private member of a JWK. */
export function isPairedSecret(redactor: Redactor, holder: object, key: string, value: unknown): boolean {
  if (privateJwkKeys.has(key) && typeof value === 'string' && typeof ownData(holder, 'kty') === 'string') return true;
  return isValueKey(key) && holdsTellingName(redactor, holder, key, value);
}

function holdsTellingName(redactor: Redactor, holder: object, key: string, value: unknown): boolean {
  let left = mostSiblings;
  for (const sibling in holder) {
    if (left-- === 0) return false;
    if (sibling !== key && isNameKey(sibling) && isToldBy(redactor, ownData(holder, sibling), value)) return true;
  }
  return false;
}

/**
 * Whether an item of a list follows its telling name: raw headers, `['--password', 'x']`; in a list of `[name, value]`
 * entries any value does.
 */
export function followsTellingName(redactor: Redactor, previous: unknown, item: unknown, isEntry = false): boolean {
  if (typeof previous !== 'string' || (typeof item !== 'string' && !isEntry)) return false;
  // `'password=%s', 'x'` as loggers are called.
  const name = previous.endsWith('%s')
    ? previous.slice(previous.lastIndexOf(' ') + 1).replace(/[=:]?%s$/, '')
    : previous;
  if ((!isEntry && name.length > longestFlatName) || !isToldBy(redactor, name, item)) return false;
  return (
    isEntry ||
    name !== previous ||
    previous.startsWith('-') ||
    !/^(?:[A-Za-z]{1,12}|--?[A-Za-z][A-Za-z-]{0,23}|--[A-Za-z][A-Za-z-]*=.*)$/.test(item as string)
  );
}

/** An argument of a known command that holds a secret, with the secret masked; else the item itself. */
export function maskArgument(list: readonly unknown[], index: number, item: string, mask: string): string {
  const previous = ownData(list, index - 1);
  if (!item.startsWith('-') && !(typeof previous === 'string' && previous.startsWith('-'))) return item;
  const program = programOf(list);
  return program === '' ? item : secretArgument(program, previous, item, mask);
}

function isToldBy(redactor: Redactor, name: unknown, value: unknown): boolean {
  if (typeof name !== 'string' || !/^[\p{L}\p{N}_.:[\]-]{2,128}$/u.test(name)) return false;
  if (isScrambled(name)) return false;
  const secrecy = redactor.judge(name);
  // A token may be full of telling words: `secret_…` names nothing.
  return secrecy !== 'plain' && redactor.hides(secrecy, value) && redactor.text(name) === name;
}
