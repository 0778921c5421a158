import { secretArgument } from './commands.js';
import type { Redactor } from './redactor.js';
import { ownData } from './view.js';

/** Properties that hold the name in `{ name: 'x-api-key', value: '…' }`. */
const nameKeys = ['name', 'key', 'header', 'field', 'variable', 'k', 'id'] as const;

/** Properties that hold the value there. */
const valueKeys: ReadonlySet<string> = new Set(['value', 'val', 'v', 'content', 'values', 'default', 'text']);

/** Private members of a JSON Web Key (RFC 7518, 6.2.2, 6.3.2, 6.4.1). */
const privateJwkKeys: ReadonlySet<string> = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']);

/** Whether {@link isPairedSecret} needs to look at such a key's holder. */
export function mayBePaired(key: string): boolean {
  return valueKeys.has(key) || privateJwkKeys.has(key);
}

/** Whether `key` is the value half of a name/value object whose name is telling, or a private member of a JWK. */
export function isPairedSecret(redactor: Redactor, holder: object, key: string, value: string): boolean {
  if (!mayBePaired(key)) return false;
  if (valueKeys.has(key)) return nameKeys.some((nameKey) => isToldBy(redactor, ownData(holder, nameKey), value));
  return privateJwkKeys.has(key) && typeof ownData(holder, 'kty') === 'string';
}

/** Whether an item of a list follows its telling name: raw headers, `['--password', 'x']`, `[name, value]`. */
export function followsTellingName(redactor: Redactor, previous: unknown, item: unknown): boolean {
  if (typeof item !== 'string' || typeof previous !== 'string' || !isToldBy(redactor, previous, item)) return false;
  return previous.startsWith('-') || !/^[A-Za-z]{1,12}$/.test(item);
}

/** An argument of a known command that holds a secret, with the secret masked; else the item itself. */
export function maskArgument(list: readonly unknown[], index: number, item: string, mask: string): string {
  const program = ownData(list, 0);
  const command = ownData(list, 1) === 'login' ? `${String(program)} login` : program;
  return typeof command === 'string' ? secretArgument(command, ownData(list, index - 1), item, mask) : item;
}

function isToldBy(redactor: Redactor, name: unknown, value: string): boolean {
  if (typeof name !== 'string' || !/^[\w.:[\]-]{2,40}$/.test(name)) return false;
  const secrecy = redactor.judge(name);
  // A token may be full of telling words: `secret_…` names nothing.
  return secrecy !== 'plain' && redactor.hides(secrecy, value) && redactor.text(name) === name;
}
