import type { Gauge, Registry } from '../registry/registry.js';
import { queryTypeOf } from './query-type.js';

/** What is used of `pg.Pool`. */
export interface InstrumentablePool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  on(event: 'connect', listener: (client: InstrumentableClient) => void): unknown;
}

/** What is used of `pg.Client`. */
export interface InstrumentableClient {
  query: (...given: never[]) => unknown;
}

interface QueryRecorder {
  readonly registry: Registry;
  recordDbQueryTime(durationMs: number, queryType?: string): void;
  recordError(type: unknown, component?: string): void;
}

type Query = (...given: unknown[]) => unknown;
type Callback = (error: unknown, ...rest: unknown[]) => void;

const INSTRUMENTED = Symbol.for('@nps/oracle-metrics/instrumented');

/**
 * Times every query of a `pg.Pool`, through the pool or a checked-out client, and shows how many connections are busy.
 * Call it once, right after the pool was made: connections opened before are not timed. A failed query counts as an error
 * of the component `database`.
 */
export function instrumentPool(metrics: QueryRecorder, pool: InstrumentablePool): void {
  const marked = pool as InstrumentablePool & { [INSTRUMENTED]?: true };
  if (marked[INSTRUMENTED] === true) return;
  Object.defineProperty(pool, INSTRUMENTED, { value: true });
  showConnections(metrics.registry, pool);
  pool.on('connect', (client) => {
    client.query = timed(client.query as Query, metrics).bind(client);
  });
}

/** Each pool adds what changed since the last scrape, so that the gauges are the sum of all pools of a service. */
function showConnections(registry: Registry, pool: InstrumentablePool): void {
  const shown = [
    difference(
      registry.gauge({ name: 'db_connections_active', help: 'Database connections in use.' }),
      () => pool.totalCount - pool.idleCount,
    ),
    difference(
      registry.gauge({ name: 'db_connections_idle', help: 'Database connections that wait for work.' }),
      () => pool.idleCount,
    ),
    difference(
      registry.gauge({ name: 'db_connections_waiting', help: 'Callers that wait for a database connection.' }),
      () => pool.waitingCount,
    ),
  ];
  registry.collect(() => {
    for (const update of shown) update();
    return [];
  });
}

function difference(gauge: Gauge, read: () => number): () => void {
  let before = 0;
  return () => {
    const now = read();
    gauge.add(now - before);
    before = now;
  };
}

function timed(query: Query, metrics: QueryRecorder): Query {
  return function timedQuery(this: unknown, ...given: unknown[]): unknown {
    const startedAtMs = performance.now();
    const ended = (error: unknown): void => {
      metrics.recordDbQueryTime(performance.now() - startedAtMs, queryTypeOf(textOf(given[0])));
      if (error !== undefined && error !== null) metrics.recordError(error, 'database');
    };
    const last = given.at(-1);
    if (typeof last === 'function') {
      const callback = last as Callback;
      const wrapped: Callback = (error, ...rest) => {
        ended(error);
        callback(error, ...rest);
      };
      return query.apply(this, [...given.slice(0, -1), wrapped]);
    }
    const result = query.apply(this, given);
    // A cursor or stream (a `Submittable`) is no promise; its reading has no single time.
    if (result instanceof Promise) {
      result.then(
        () => ended(undefined),
        (error: unknown) => ended(error),
      );
    }
    return result;
  };
}

function textOf(statement: unknown): unknown {
  return typeof statement === 'object' && statement !== null && 'text' in statement ? statement.text : statement;
}
