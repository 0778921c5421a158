import {
  type CheckReport,
  type CheckStatus,
  type ErrorClass,
  errorClasses,
  type HealthReport,
  type ServiceStatus,
} from './report.js';

/** Thrown when a value is not a health report; recognise it by `code`. */
export class MalformedReport extends Error {
  readonly code = 'MALFORMED_REPORT';

  constructor(expected: string) {
    super(`Not a health report: ${expected}. Let the service answer with the JSON of GET /health.`);
    this.name = 'MalformedReport';
  }
}

// Bounds on what a hostile target can make a reader keep.
const maxChecks = 200;
const maxTextLength = 500;

// Words of application/health+json (draft-inadarei-api-health-check-06) and of common frameworks.
const serviceWords: ReadonlyMap<string, ServiceStatus> = new Map([
  ['healthy', 'healthy'],
  ['pass', 'healthy'],
  ['ok', 'healthy'],
  ['up', 'healthy'],
  ['degraded', 'degraded'],
  ['warn', 'degraded'],
  ['down', 'down'],
  ['fail', 'down'],
  ['error', 'down'],
  ['unhealthy', 'down'],
]);

const checkWords: ReadonlyMap<string, CheckStatus> = new Map([
  ['ok', 'ok'],
  ['pass', 'ok'],
  ['up', 'ok'],
  ['healthy', 'ok'],
  ['warning', 'warning'],
  ['warn', 'warning'],
  ['degraded', 'warning'],
  ['error', 'error'],
  ['fail', 'error'],
  ['down', 'error'],
  ['unhealthy', 'error'],
  ['skipped', 'skipped'],
]);

const knownClasses: ReadonlySet<string> = new Set(errorClasses);

/** The status a word stands for, whatever framework's it is; `undefined` for anything else. */
export function checkStatusOf(word: unknown): CheckStatus | undefined {
  return typeof word === 'string' ? checkWords.get(word.toLowerCase()) : undefined;
}

/**
 * Reads a health report out of a parsed JSON value that nobody vouches for.
 * Unknown fields are dropped, texts and the number of checks are bounded, and maps have no prototype.
 * An unknown status word means `degraded`: it is neither health nor an outage.
 * @throws MalformedReport (`code: 'MALFORMED_REPORT'`) when a required field is missing or of the wrong type
 */
export function parseHealthReport(value: unknown): HealthReport {
  if (!isRecord(value)) throw new MalformedReport('expected a JSON object');
  const word = value['status'];
  if (typeof word !== 'string') throw new MalformedReport('expected a string in "status"');
  const checks = value['checks'] ?? {};
  if (!isRecord(checks)) throw new MalformedReport('expected an object in "checks"');
  return {
    status: serviceWords.get(word.toLowerCase()) ?? 'degraded',
    timestamp: readInstant(value['timestamp']) ?? new Date(0).toISOString(),
    service: readText(value['service']) ?? '',
    version: readText(value['version']) ?? '',
    uptime_seconds: readNumber(value['uptime_seconds']) ?? 0,
    checks: parseChecks(checks),
  };
}

function parseChecks(checks: Record<string, unknown>): Record<string, CheckReport> {
  const names = Object.keys(checks);
  if (names.length > maxChecks) throw new MalformedReport(`expected at most ${maxChecks} checks, got ${names.length}`);
  const parsed = Object.create(null) as Record<string, CheckReport>;
  for (const name of names) {
    const value = checks[name];
    const check = Array.isArray(value) ? fromDraft(value) : value;
    if (!isRecord(check)) continue;
    parsed[name.slice(0, maxTextLength)] = parseCheck(check);
  }
  return parsed;
}

// application/health+json keeps a list of nodes under each name, with words of its own: the worst speaks for all.
function fromDraft(nodes: readonly unknown[]): unknown {
  const records = nodes.slice(0, maxChecks).filter(isRecord);
  const withStatus = (status: CheckStatus) => records.find((node) => checkStatusOf(node['status']) === status);
  const node = withStatus('error') ?? withStatus('warning') ?? records[0];
  if (!node) return undefined;
  const { status, observedValue: value, observedUnit: unit, time: checked_at, output: detail } = node;
  return { status, value, unit, checked_at, detail };
}

function parseCheck(check: Record<string, unknown>): CheckReport {
  const parsed: { -readonly [key in keyof CheckReport]: CheckReport[key] } = {
    status: checkStatusOf(check['status']) ?? 'warning',
  };
  for (const key of ['latency_ms', 'value'] as const) {
    const number = readNumber(check[key]);
    if (number !== undefined) parsed[key] = number;
  }
  for (const key of ['critical', 'fatal'] as const) {
    const flag = check[key];
    if (typeof flag === 'boolean') parsed[key] = flag;
  }
  for (const key of ['since', 'checked_at'] as const) {
    const instant = readInstant(check[key]);
    if (instant !== undefined) parsed[key] = instant;
  }
  for (const key of ['unit', 'detail'] as const) {
    const text = readText(check[key]);
    if (text !== undefined) parsed[key] = text;
  }
  const lastOkAt = check['last_ok_at'];
  if (lastOkAt === null || readInstant(lastOkAt) !== undefined) parsed.last_ok_at = readInstant(lastOkAt) ?? null;
  const error = check['error'];
  if (error !== undefined && error !== null) parsed.error = readErrorClass(error);
  return parsed;
}

function readErrorClass(value: unknown): ErrorClass {
  return typeof value === 'string' && knownClasses.has(value) ? (value as ErrorClass) : 'UNKNOWN';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, maxTextLength) : undefined;
}

function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function readInstant(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
