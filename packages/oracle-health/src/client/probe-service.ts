import { classOfHttpStatus } from '../connection/http-class.js';
import { type HttpAnswer, httpExchange } from '../connection/http-exchange.js';
import type { ConnectionContext } from '../connection/socket.js';
import { type HealthReport, parseHealthReport, type ServiceStatus, type Target } from '../contract/index.js';
import { HealthError } from '../errors.js';

/** What a good visit found. */
export interface Finding {
  readonly status: ServiceStatus;
  readonly health: HealthReport | null;
}

// The cap of metrics pages, in bytes.
const maxMetricsBytes = 1024 * 1024;

/** A service that answers `GET /health` with our JSON; a 5xx with a valid report is a report. */
export async function probeService(target: Target, context: ConnectionContext): Promise<Finding> {
  const url = urlOf(target, target.healthPath ?? '/health');
  const answer = await httpExchange({ url, headers: headersOf(target, 'application/json') }, context);
  const wrong = classOfHttpStatus(answer.status);
  const health = wrong === undefined || wrong === 'HTTP_5XX' ? readReport(answer.body) : undefined;
  if (health) return { status: health.status, health };
  if (wrong !== undefined) throw refused(wrong, answer);
  throw new HealthError('MALFORMED', 'The answer is not a health report');
}

/** Any HTTP page: the right status and, if asked for, the right text. */
export async function probeHttp(target: Target, context: ConnectionContext): Promise<Finding> {
  const answer = await httpExchange({ url: target.url, headers: headersOf(target, '*/*') }, context);
  if (target.expectStatus === undefined) expectSuccess(answer);
  else if (answer.status !== target.expectStatus) {
    const error = classOfHttpStatus(answer.status) ?? 'MISMATCH';
    throw new HealthError(error, `Expected HTTP status ${target.expectStatus}, got ${answer.status}`);
  }
  if (target.bodyMatch !== undefined && !answer.body.includes(target.bodyMatch)) {
    throw new HealthError('MISMATCH', 'The answer does not contain the expected text');
  }
  return { status: 'healthy', health: null };
}

/** A Prometheus endpoint answers; what it says is read by the metrics client. */
export async function probePrometheus(target: Target, context: ConnectionContext): Promise<Finding> {
  const headers = headersOf(target, 'text/plain;version=0.0.4');
  const url = target.metricsPath === undefined ? target.url : urlOf(target, target.metricsPath);
  expectSuccess(await httpExchange({ url, headers, maxBytes: maxMetricsBytes }, context));
  return { status: 'healthy', health: null };
}

// The token goes to the target's own host, whatever the path looks like.
function urlOf({ url }: Target, path: string): string {
  const resolved = new URL(path, url);
  if (resolved.origin !== new URL(url).origin)
    throw new HealthError('INVALID_OPTION', 'The path leads to another host');
  return resolved.href;
}

function headersOf({ token }: Target, accept: string): Record<string, string> {
  return { accept, ...(token ? { authorization: `Bearer ${token}` } : {}) };
}

function readReport(body: string): HealthReport | undefined {
  try {
    // Some frameworks begin their JSON with a byte order mark.
    return parseHealthReport(JSON.parse(body.replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}

function expectSuccess(answer: HttpAnswer): void {
  const wrong = classOfHttpStatus(answer.status);
  if (wrong !== undefined) throw refused(wrong, answer);
}

function refused(error: NonNullable<ReturnType<typeof classOfHttpStatus>>, { status }: HttpAnswer): HealthError {
  return new HealthError(error, `Answered with HTTP status ${status}`);
}
