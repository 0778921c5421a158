import type { LogLine } from '../contract/logs.js';
import { fieldNames } from './elasticsearch-query.js';
import { parseLogLine } from './log-lines.js';

/** What an answer of `_search` holds for a page of logs. */
export interface Hits {
  readonly lines: readonly LogLine[];
  readonly services: readonly string[];
  /** False when the engine stopped before it had looked at everything. */
  readonly complete: boolean;
}

/** What the shipper tells of itself and its host; nobody searches the logs of a service for it. */
const ofTheShipper = new Set(['agent', 'ecs', 'ecs.version', 'host', 'input', 'tags', 'stream', 'event']);

/** Reads an answer; `null` for what is none. Pure. */
export function readHits(text: string): Hits | null {
  const answer = readObject(text);
  const hits = answer?.get('hits');
  if (answer === null || answer === undefined || !isRecord(hits) || !Array.isArray(hits['hits'])) return null;
  const lines = hits['hits'].filter(isRecord).map(lineOf);
  const services = new Set([...bucketsOf(answer.get('aggregations')), ...lines.map(({ service }) => service)]);
  services.delete('');
  return { lines, services: [...services].sort(), complete: answer.get('timed_out') !== true && !hasFailures(answer) };
}

function lineOf(hit: Readonly<Record<string, unknown>>): LogLine {
  const source = isRecord(hit['_source']) ? hit['_source'] : {};
  const first = (names: readonly string[]): unknown =>
    names.map((name) => fieldOf(source, name)).find((value) => value !== undefined && !isRecord(value));
  const level = first(fieldNames.level);
  const record = {
    ...withoutShipper(source),
    timestamp: first(fieldNames.at),
    level: typeof level === 'string' ? level.toUpperCase() : undefined,
    service: first(fieldNames.service),
    user_id: first(fieldNames.user),
    action: first(fieldNames.action),
  };
  return parseLogLine(JSON.stringify(record), typeof hit['_id'] === 'string' ? hit['_id'] : '', '');
}

/** A field by its dotted name, written flat or as objects in each other. */
function fieldOf(source: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(source, name)) return source[name];
  const dot = name.indexOf('.');
  const inner = dot < 0 ? undefined : source[name.slice(0, dot)];
  return isRecord(inner) ? fieldOf(inner, name.slice(dot + 1)) : undefined;
}

/** Everything a line carries beside what is shown apart, as the file of the logger has it. */
function withoutShipper(source: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const apart = new Set<string>([...Object.values(fieldNames).flat(), 'log', 'service', '@timestamp']);
  return Object.fromEntries(Object.entries(source).filter(([key]) => !ofTheShipper.has(key) && !apart.has(key)));
}

function bucketsOf(aggregations: unknown): readonly string[] {
  const services = isRecord(aggregations) ? aggregations['services'] : undefined;
  const buckets = isRecord(services) ? services['buckets'] : undefined;
  return Array.isArray(buckets) ? buckets.filter(isRecord).map(({ key }) => String(key)) : [];
}

/** Shards that did not answer are not looked at, whatever the status says. */
function hasFailures(answer: ReadonlyMap<string, unknown>): boolean {
  const shards = answer.get('_shards');
  return isRecord(shards) && typeof shards['failed'] === 'number' && shards['failed'] > 0;
}

function readObject(text: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? new Map(Object.entries(value)) : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
