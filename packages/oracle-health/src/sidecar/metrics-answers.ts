import type { IncomingMessage } from 'node:http';

import { prefers } from '../endpoints/accept.js';
import { type Answer, jsonReply, problem, reply } from '../endpoints/reply.js';
import { queryOf } from '../endpoints/target.js';
import { dependencyExposition } from '../exposition.js';
import type { Health } from '../health.js';
import type { MetricsSource } from './sources.js';

/** The metrics as JSON; `?minutes_since=` asks for the sealed minutes after an instant. */
export function metricsJson(metrics: MetricsSource | undefined, request: IncomingMessage): Answer {
  if (!metrics) return problem(404, 'Not Found', 'This service keeps no metrics');
  const since = queryOf(request.url ?? '').get('minutes_since');
  const minutesSince = since === null ? undefined : new Date(since);
  if (minutesSince && Number.isNaN(minutesSince.getTime())) {
    return problem(
      400,
      'Bad Request',
      'Expected an ISO 8601 instant in minutes_since, for example 2026-02-08T14:30:00Z',
    );
  }
  return jsonReply(200, minutesSince ? metrics.getMetrics({ minutesSince }) : metrics.getMetrics());
}

/** The metrics and the checks in the Prometheus text format. */
export function metricsText(metrics: MetricsSource | undefined, health: Health): Answer {
  const own = metrics?.toPrometheus() ?? '';
  const separator = own === '' || own.endsWith('\n') ? '' : '\n';
  const text = `${own}${separator}${dependencyExposition(health.report())}`;
  return reply(200, 'text/plain; version=0.0.4; charset=utf-8', text);
}

/** Whether the asker is a Prometheus scraper; a person with curl, a browser or fetch wants JSON. */
export function wantsText(accept: string): boolean {
  return prefers(accept, ['text/plain', 'application/openmetrics-text', 'application/vnd.google.protobuf']);
}
