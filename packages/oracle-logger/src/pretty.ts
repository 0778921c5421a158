import { findLevel, type Level } from './levels.js';

/** ANSI colours (ECMA-48 SGR) per level. */
const colors: Readonly<Record<Level, string>> = {
  debug: '\u001b[36m',
  info: '\u001b[32m',
  warn: '\u001b[33m',
  error: '\u001b[31m',
  critical: '\u001b[1;35m',
};

const dim = '\u001b[2m';
const reset = '\u001b[0m';

/** What must not reach a terminal raw: controls but line feed and tab, C1, direction and invisible marks. */
// oxlint-disable-next-line no-control-regex -- finding control characters is its purpose
const harmful = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** An error as a line has it. */
interface ErrorView {
  readonly stack: string;
  readonly type?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** A written line in the form people read: time, level, message, then the fields; line feeds of texts are kept. */
export function prettyLine(line: string, useColor: boolean): string {
  const record = JSON.parse(line) as Record<string, unknown>;
  const paint = (color: string, text: string) => (useColor ? `${color}${text}${reset}` : text);
  const { timestamp, '@timestamp': ecsTimestamp, level, 'log.level': ecsLevel, message, service, ...fields } = record;
  const time = textOf(timestamp ?? ecsTimestamp).slice(11, 23);
  const word = textOf(level ?? ecsLevel);
  const color = colors[findLevel(word) ?? 'info'];
  const rest = Object.entries(fields)
    .filter(([key, value]) => key !== 'logger' || value !== service)
    .map(([key, value]) => `${paint(dim, `${clean(key)}=`)}${prettyValue(value)}`);
  return `${[paint(dim, time), paint(color, word.padEnd(8)), clean(textOf(message)), ...rest].join(' ')}\n`;
}

function prettyValue(value: unknown): string {
  if (typeof value === 'string') return clean(/^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));
  if (isError(value)) return `\n  ${prettyError(value).replaceAll('\n', '\n  ')}\n `;
  return clean(JSON.stringify(value));
}

/** The stack, the error's own fields, and what it was caused by, each on lines of its own. */
function prettyError({ type: _type, message, stack, cause, errors, ...others }: ErrorView): string {
  // A message that was changed later is not in the stack.
  const said = typeof message === 'string' && !stack.includes(message) ? { message } : {};
  const parts = Array.isArray(errors) ? (errors as readonly unknown[]) : [];
  const fields = { ...said, ...others, ...(errors === undefined || Array.isArray(errors) ? {} : { errors }) };
  const own = Object.entries(fields).map(([key, value]) => `${clean(key)}=${prettyValue(value)}`);
  return [
    clean(stack),
    ...(own.length > 0 ? [`    ${own.join(' ')}`] : []),
    ...parts.map((part) => `  with ${prettyCause(part)}`),
    ...(cause === undefined ? [] : [`  caused by ${prettyCause(cause)}`]),
  ].join('\n');
}

function prettyCause(cause: unknown): string {
  return isError(cause) ? prettyError(cause).replaceAll('\n', '\n  ') : prettyValue(cause);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isError(value: unknown): value is ErrorView {
  return typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string';
}

function clean(text: string): string {
  return text.replace(harmful, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
