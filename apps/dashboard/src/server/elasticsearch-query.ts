import { logLevels } from '../contract/logs.js';
import type { LogFilter } from './log-lines.js';

/** Whichever profile wrote the line, and whether the shipper renamed its fields to Elastic's own names. */
export const fieldNames = {
  at: ['@timestamp', 'timestamp'],
  level: ['log.level', 'level'],
  service: ['service.name', 'service'],
  user: ['user_id', 'user.id'],
  action: ['action', 'event.action'],
} as const;

type Clause = Readonly<Record<string, unknown>>;

/** How long the engine may search before it answers with what it has. */
const TIMEOUT = '3s';
const SERVICES = 100;

/**
 * The body of a `_search`. Pure. https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-search
 * @param serviceField the keyword by which services are counted
 */
export function searchBody(
  filter: LogFilter,
  limit: number,
  order: 'asc' | 'desc',
  serviceField: 'service.name' | 'service.name.keyword' = 'service.name',
): Readonly<Record<string, unknown>> {
  return {
    size: limit,
    timeout: TIMEOUT,
    track_total_hits: false,
    query: { bool: { filter: [spanClause(filter)] } },
    // The services are counted before the rest of the filter, so that another one can still be chosen.
    post_filter: { bool: { filter: restClauses(filter) } },
    aggs: { services: { terms: { field: serviceField, size: SERVICES } } },
    sort: [{ '@timestamp': { order, unmapped_type: 'date' } }],
  };
}

function spanClause({ fromMs, toMs }: LogFilter): Clause {
  const range = {
    ...(Number.isFinite(fromMs) ? { gte: new Date(fromMs).toISOString() } : {}),
    ...(Number.isFinite(toMs) ? { lte: new Date(toMs).toISOString() } : {}),
  };
  return { range: { '@timestamp': { ...range, format: 'strict_date_time' } } };
}

function restClauses({ level, service, user, action, text }: LogFilter): readonly Clause[] {
  const clauses: Clause[] = [];
  if (level !== undefined) {
    const graver = logLevels.slice(logLevels.indexOf(level));
    clauses.push(anyOf(fieldNames.level, [...graver, ...graver.map((name) => name.toLowerCase())]));
  }
  if (service !== undefined) clauses.push(anyOf(fieldNames.service, [service]));
  if (user !== undefined) clauses.push(anyOf(fieldNames.user, [user]));
  if (action !== undefined) clauses.push(anyOf(fieldNames.action, [action]));
  if (text !== undefined) clauses.push(textClause(text));
  return clauses;
}

/** Strings are keywords under Filebeat's template and have a `.keyword` beside them under the engine's own mapping. */
function anyOf(fields: readonly string[], values: readonly string[]): Clause {
  const should = fields
    .flatMap((field) => [field, `${field}.keyword`])
    .map((field) => ({ terms: { [field]: values } }));
  return { bool: { should, minimum_should_match: 1 } };
}

/** Words, the last one as far as it is typed; `lenient` because numbers have no words. */
function textClause(query: string): Clause {
  return { multi_match: { query, type: 'phrase_prefix', fields: ['message', 'error.message', '*'], lenient: true } };
}
