import { createHash, timingSafeEqual } from 'node:crypto';

import type { HealthReport } from '../contract/index.js';
import type { Health } from '../health.js';
import { excludedNames, withoutChecks } from './exclude.js';
import { booleanForm, draftForm, verboseForm, withoutDetail } from './formats.js';

/** Settings of the endpoints. */
export interface EndpointOptions {
  /** Bearer token that opens details. Default: nobody sees details. */
  readonly token?: string | undefined;
  /** HTTP status of `/health` and `/healthz` while degraded. Default 503. */
  readonly degradedStatusCode?: number;
  /** `/livez` fails when the event loop stood still this long in the last ten seconds, in milliseconds. Default 2000. */
  readonly blockedAfterMs?: number;
  /** Takes secrets out of details before they are shown, for example oracle-logger's `redact`. */
  readonly redact?: (text: string) => string;
}

/** What of a request matters here. */
export interface Question {
  /** Without the query and without a trailing slash. */
  readonly path: EndpointPath;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly authorization: string;
}

/** A whole answer. */
export interface Answer {
  readonly statusCode: number;
  readonly contentType: string;
  readonly body: string;
  readonly cacheControl?: string;
}

/** The paths that are served. */
export const endpointPaths = ['/health', '/healthz', '/livez', '/readyz', '/ready'] as const;

/** A path from {@link endpointPaths}. */
export type EndpointPath = (typeof endpointPaths)[number];

/** Answers one question; never throws for anything a client can send. */
export async function answer(health: Health, question: Question, options: EndpointOptions = {}): Promise<Answer> {
  const { path } = question;
  if (path === '/livez') return answerLive(health, options.blockedAfterMs ?? 2_000);
  if (path === '/health' || path === '/healthz') return answerHealth(await health.current(), question, options);
  return answerReady(health);
}

/** The answer to `/health` and `/healthz` for a report at hand. */
export function answerHealth(whole: HealthReport, question: Question, options: EndpointOptions): Answer {
  const full = withoutChecks(whole, excludedNames(question.query));
  const report = opens(question.authorization, options.token) ? redacted(full, options.redact) : withoutDetail(full);
  const statusCode =
    report.status === 'healthy' ? 200 : report.status === 'down' ? 503 : (options.degradedStatusCode ?? 503);
  if (question.query.has('verbose'))
    return { statusCode, contentType: 'text/plain; charset=utf-8', body: verboseForm(report) };
  if (question.path === '/healthz') return json(statusCode, booleanForm(report));
  if (!question.accept.includes('application/health+json')) return json(statusCode, report);
  return {
    // The draft wants 2xx or 3xx for pass and warn.
    statusCode: report.status === 'down' ? 503 : 200,
    contentType: 'application/health+json; charset=utf-8',
    body: JSON.stringify(draftForm(report)),
    cacheControl: 'max-age=1',
  };
}

function answerLive(health: Health, blockedAfterMs: number): Answer {
  const lagMs = Math.round(health.worstLagMs());
  if (lagMs < blockedAfterMs) return json(200, { status: 'alive' });
  return json(503, { status: 'blocked', error: 'event_loop_blocked', lag_ms: lagMs });
}

async function answerReady(health: Health): Promise<Answer> {
  const phase = health.phase();
  if (phase === 'draining' || phase === 'stopped')
    return json(503, { status: 'not_ready', ready: false, reason: phase });
  const { status } = await health.current();
  if (status === 'down') return json(503, { status: 'not_ready', ready: false, reason: 'down' });
  return json(200, { status: 'ready', ready: true });
}

function json(statusCode: number, body: object): Answer {
  return { statusCode, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

function opens(authorization: string, token: string | undefined): boolean {
  if (!token) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`));
}

function redacted(report: HealthReport, redact: EndpointOptions['redact']): HealthReport {
  if (!redact) return report;
  const checks = Object.entries(report.checks).map(([name, check]) => [
    name,
    check.detail === undefined ? check : { ...check, detail: redact(check.detail) },
  ]);
  return { ...report, checks: Object.fromEntries(checks) as HealthReport['checks'] };
}
