import type { CheckOutcome } from './check.js';
import { classify } from './connection/classify.js';
import { errorClasses } from './contract/index.js';
import { checkStatusOf } from './contract/parse-report.js';

// Bound on a text that a driver or a peer wrote.
const maxDetailLength = 500;

/**
 * Reads what a check returned, for callers without a compiler: nothing, or anything that is no outcome, means `ok`;
 * `false` and an Error mean `error`. Only classes of the closed list become public, every other text is a detail.
 */
export function readOutcome(returned: unknown): CheckOutcome {
  if (returned === false) return { status: 'error', error: 'UNKNOWN', detail: 'The check returned false' };
  if (returned instanceof Error) return outcomeOfError(returned);
  if (typeof returned !== 'object' || returned === null || !('status' in returned)) return { status: 'ok' };
  const fields = returned as Readonly<Record<string, unknown>>;
  const status = checkStatusOf(fields['status']);
  if (status === undefined) {
    const detail = `Expected the check to return a status of ok, warning, error or skipped, got ${typeof fields['status']}`;
    return { status: 'error', error: 'MALFORMED', detail };
  }
  const { error, value, unit } = fields;
  const isNamed = status === 'error' || (error !== undefined && error !== null);
  const isClass = errorClasses.some((one) => one === error);
  const detail = fields['detail'] ?? (isClass ? undefined : error);
  return {
    status,
    ...(isNamed ? { error: classify({ code: error }) } : {}),
    ...(typeof value === 'number' && Number.isFinite(value) ? { value } : {}),
    ...(typeof unit === 'string' && /^[\w%/ -]{1,30}$/.test(unit) ? { unit } : {}),
    ...(typeof detail === 'string' ? { detail: detail.slice(0, maxDetailLength) } : {}),
  };
}

/** The outcome of a check that threw; what was thrown may be anything, getters that throw included. */
export function outcomeOfError(thrown: unknown): CheckOutcome {
  try {
    return { status: 'error', error: classify(thrown), detail: explain(thrown).slice(0, maxDetailLength) };
  } catch {
    return { status: 'error', error: 'UNKNOWN', detail: 'What the check threw cannot be read' };
  }
}

function explain(thrown: unknown): string {
  if (typeof thrown === 'string') return `Thrown: ${thrown}`;
  const isError = typeof thrown === 'object' && thrown !== null && 'message' in thrown;
  if (!isError) return `Thrown: a ${typeof thrown}`;
  const { name = 'Error', message } = thrown as { readonly name?: unknown; readonly message: unknown };
  return `${String(name)}: ${String(message)}`;
}
