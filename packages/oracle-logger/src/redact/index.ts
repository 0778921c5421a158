/** What stands where a secret was. */
export const mask = '[REDACTED]';

const secretKey =
  /pass(word|phrase|wd)?$|secret|api_?key|private_?key|token$|authorization|^cookie$|set-cookie|credential|mnemonic/i;
const shapes =
  /\b(?:sk-[\w-]{20,}|(?:AKIA|ASIA)[A-Z0-9]{16}|xox[a-z]-[\w-]{10,}|gh[a-z]_\w{30,}|eyJ[\w-]+\.[\w-]+\.[\w-]+|\d{6,}:[\w-]{30,})/g;
const urlPassword = /(:\/\/[^\s:@/]*:)[^\s@/]+@/g;

/** A copy of `value` without secrets; strings, numbers and the like come back as they are unless they hold one. */
export function redact<T>(value: T): T {
  return walk(value, 0) as T;
}

function walk(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.replace(shapes, mask).replace(urlPassword, `$1${mask}@`);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 8) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => walk(item, depth + 1));
  if (value instanceof Error) {
    return {
      type: value.name,
      message: walk(value.message, depth + 1),
      stack: walk(value.stack, depth + 1),
      ...(value.cause === undefined ? {} : { cause: walk(value.cause, depth + 1) }),
    };
  }
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    copy[key] = secretKey.test(key) && item !== null ? mask : walk(item, depth + 1);
  }
  return copy;
}
