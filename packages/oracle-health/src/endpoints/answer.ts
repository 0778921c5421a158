import { createHash, timingSafeEqual } from 'node:crypto';

import type { HealthReport } from '../contract/index.js';
import type { Health, Phase } from '../health.js';
import { prefers } from './accept.js';
import { excludedNames, withoutChecks } from './exclude.js';
import { booleanForm, draftForm, verboseForm, withoutDetail } from './formats.js';
import { type Answer, jsonReply, reply } from './reply.js';

/** Settings of the endpoints. */
export interface EndpointOptions {
  /** Bearer token that opens details. Default: nobody sees details. */
  readonly token?: string | undefined;
  /** HTTP status of `/health` while degraded. Default 503. */
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

/** The paths that are served. */
export const endpointPaths = ['/health', '/healthz', '/livez', '/readyz', '/ready'] as const;

/** A path from {@link endpointPaths}. */
export type EndpointPath = (typeof endpointPaths)[number];

/** The question most ask: no query, no token, JSON. */
export function plainQuestion(path: EndpointPath): Question {
  return { path, query: new URLSearchParams(), accept: '', authorization: '' };
}

/** Answers one question; never throws for anything a client can send. */
export async function answer(health: Health, question: Question, options: EndpointOptions = {}): Promise<Answer> {
  const { path } = question;
  if (path === '/livez') return answerLive(health, options.blockedAfterMs ?? 2_000);
  if (path === '/health' || path === '/healthz') return answerHealth(await health.current(), question, options);
  return answerReady(health, question);
}

/** The answer to `/health` and `/healthz` for a report at hand. */
export function answerHealth(whole: HealthReport, question: Question, options: EndpointOptions): Answer {
  const full = withoutChecks(whole, excludedNames(question.query));
  const isOpen = opens(question.authorization, options.token);
  const report = isOpen ? redacted(full, options.redact) : withoutDetail(full);
  const isBoolean = question.path === '/healthz';
  const degradedStatusCode = isBoolean ? 503 : (options.degradedStatusCode ?? 503);
  const statusCode = report.status === 'healthy' ? 200 : report.status === 'down' ? 503 : degradedStatusCode;
  if (wantsText(question.query)) return plainText(statusCode, verboseForm(report));
  if (isBoolean) return jsonReply(statusCode, booleanForm(report));
  const draftType = 'application/health+json';
  if (!prefers(question.accept, [draftType])) return jsonReply(statusCode, report);
  // The draft wants 2xx or 3xx for pass and warn, and an answer that may be kept for a moment.
  const draftStatusCode = report.status === 'down' ? 503 : 200;
  const cacheControl = isOpen ? 'no-store' : 'max-age=1';
  return reply(draftStatusCode, `${draftType}; charset=utf-8`, JSON.stringify(draftForm(report)), { cacheControl });
}

function answerLive(health: Health, blockedAfterMs: number): Answer {
  const lagMs = Math.round(health.worstLagMs());
  if (lagMs < blockedAfterMs) return jsonReply(200, { status: 'alive' });
  return jsonReply(503, { status: 'blocked', error: 'event_loop_blocked', lag_ms: lagMs });
}

async function answerReady(health: Health, { query }: Question): Promise<Answer> {
  const leaving = leavingPhase(health);
  if (leaving !== undefined && !wantsText(query)) return notReady(leaving);
  const report = withoutChecks(await health.current(), excludedNames(query));
  // The drain may have begun while the first run was waited for.
  const reason = leavingPhase(health) ?? (report.status === 'down' ? 'down' : undefined);
  if (!wantsText(query))
    return reason === undefined ? jsonReply(200, { status: 'ready', ready: true }) : notReady(reason);
  const text = `${verboseForm(report)}${reason === undefined ? 'ready' : `not ready: ${reason}`}\n`;
  return plainText(reason === undefined ? 200 : 503, text);
}

function notReady(reason: string): Answer {
  return jsonReply(503, { status: 'not_ready', ready: false, reason });
}

function leavingPhase(health: Health): Phase | undefined {
  const phase = health.phase();
  return phase === 'draining' || phase === 'stopped' ? phase : undefined;
}

function plainText(statusCode: number, text: string): Answer {
  return reply(statusCode, 'text/plain; charset=utf-8', text);
}

/** `?verbose`, as Kubernetes has it; `?verbose=false` and `=0` are what they say. */
function wantsText(query: URLSearchParams): boolean {
  return query.has('verbose') && !['0', 'false'].includes(query.get('verbose') ?? '');
}

function opens(authorization: string, token: string | undefined): boolean {
  if (!token) return false;
  const [, given = ''] = /^bearer +(.+)$/i.exec(authorization) ?? [];
  // Digests are of equal length, so that the comparison takes the same time whatever was sent.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function redacted(report: HealthReport, redact: EndpointOptions['redact']): HealthReport {
  if (!redact) return report;
  const checks = Object.entries(report.checks).map(([name, check]) => [
    name,
    check.detail === undefined ? check : { ...check, detail: redact(check.detail) },
  ]);
  return { ...report, checks: Object.fromEntries(checks) as HealthReport['checks'] };
}
