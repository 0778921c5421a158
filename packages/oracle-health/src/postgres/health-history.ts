import type { FailureReason } from '../contract/index.js';
import { parseHealthReport } from '../contract/index.js';
import { HealthError } from '../errors.js';
import { inOrder, parseBounds, parseBucket, parseInstant } from '../history/bounds.js';
import type { HealthHistory, HealthRow, VisitStatus } from '../history/history.js';
import { computeOutages, computeStrip, computeUptime, maxGapMs, type Span } from '../history/timeline.js';

/** The one method of a `pg` pool or client that is used. */
export interface Queryable {
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: readonly unknown[]; readonly rowCount?: number | null }>;
}

interface LatestRow {
  readonly service: string;
  readonly at: Date;
  readonly status: VisitStatus;
  readonly reason: FailureReason | null;
  readonly message: string | null;
  readonly report: unknown;
  readonly latency_ms: number;
}

interface SpanRow {
  readonly status: VisitStatus;
  readonly reason: FailureReason | null;
  readonly message: string | null;
  readonly started_at: Date;
  readonly last_at: Date;
}

// One statement, so that the newest row and its span always agree. Every service occurs once in it at most.
const storeSql = `
WITH incoming AS (
  SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::float8[])
    AS i(service, at, status, reason, message, report, latency_ms)
), accepted AS (
  INSERT INTO health_latest AS l (service, at, status, reason, message, report, latency_ms)
  SELECT * FROM incoming
  ON CONFLICT (service) DO UPDATE SET at = excluded.at, status = excluded.status, reason = excluded.reason,
    message = excluded.message, report = excluded.report, latency_ms = excluded.latency_ms
  WHERE l.at < excluded.at
  RETURNING l.service, l.at, l.status, l.reason, l.message
), extended AS (
  UPDATE health_spans s SET last_at = a.at
  FROM accepted a
  WHERE s.id = (SELECT id FROM health_spans n WHERE n.service = a.service ORDER BY n.started_at DESC LIMIT 1)
    AND s.status = a.status AND s.reason IS NOT DISTINCT FROM a.reason
    AND a.at - s.last_at <= make_interval(secs => $8)
  RETURNING s.service
)
INSERT INTO health_spans (service, status, reason, message, started_at, last_at)
SELECT service, status, reason, message, at, at FROM accepted
WHERE service NOT IN (SELECT service FROM extended)`;

// Spans that touch the window, and one on either side: its neighbours decide where a status ends.
const spansSql = `
SELECT status, reason, message, started_at, last_at FROM health_spans
WHERE service = $1
  AND started_at >= coalesce((SELECT max(started_at) FROM health_spans WHERE service = $1 AND started_at <= $2), $2)
  AND started_at <= coalesce((SELECT min(started_at) FROM health_spans WHERE service = $1 AND started_at >= $3), $3)
ORDER BY started_at`;

// Outages reach beyond the window: from the last good span before it to the first good one after it.
const outageSpansSql = `
SELECT status, reason, message, started_at, last_at FROM health_spans
WHERE service = $1
  AND started_at >= coalesce((SELECT max(started_at) FROM health_spans
    WHERE service = $1 AND started_at <= $2 AND status IN ('healthy', 'degraded')), '-infinity')
  AND started_at <= coalesce((SELECT min(started_at) FROM health_spans
    WHERE service = $1 AND started_at >= $3 AND status IN ('healthy', 'degraded')), 'infinity')
ORDER BY started_at`;

/** The history in PostgreSQL; the tables are made by {@link migrations}. */
export function createHealthHistory({ pool }: { readonly pool: Queryable }): HealthHistory {
  async function loadSpans(sql: string, service: string, fromMs: number, toMs: number): Promise<Span[]> {
    const { rows } = await run(pool, sql, [service, new Date(fromMs), new Date(toMs)]);
    return (rows as readonly SpanRow[]).map((row) => ({
      status: row.status,
      reason: row.reason,
      message: row.message,
      startedAt: row.started_at.getTime(),
      lastAt: row.last_at.getTime(),
    }));
  }

  return {
    async store(rows) {
      for (const round of roundsOf(rows)) await run(pool, storeSql, [...columnsOf(round), maxGapMs / 1_000]);
    },
    async latest() {
      const { rows } = await run(pool, 'SELECT * FROM health_latest ORDER BY service COLLATE "C"', []);
      return (rows as readonly LatestRow[]).map(readLatest);
    },
    async uptime(service, from, to) {
      const { fromMs, toMs } = parseBounds(from, to);
      return computeUptime(await loadSpans(spansSql, service, fromMs, toMs), fromMs, toMs);
    },
    async outages(service, from, to) {
      const { fromMs, toMs } = parseBounds(from, to);
      return computeOutages(await loadSpans(outageSpansSql, service, fromMs, toMs), fromMs, toMs);
    },
    async strip(service, from, to, bucketMinutes) {
      const { fromMs, toMs } = parseBounds(from, to);
      const bucketMs = parseBucket(bucketMinutes, toMs - fromMs);
      return computeStrip(await loadSpans(spansSql, service, fromMs, toMs), fromMs, toMs, bucketMs);
    },
    async prune(before) {
      const { rowCount } = await run(pool, 'DELETE FROM health_spans WHERE last_at < $1', [
        new Date(parseInstant(before)),
      ]);
      return rowCount ?? 0;
    },
  };
}

async function run(pool: Queryable, sql: string, values: unknown[]) {
  try {
    return await pool.query(sql, values);
  } catch (error) {
    throw new HealthError('HISTORY_FAILED', 'The health history could not be read or written; see the cause', error);
  }
}

/** Rows in order of time, cut so that no round has a service twice. */
function roundsOf(rows: readonly HealthRow[]): HealthRow[][] {
  const rounds: HealthRow[][] = [];
  const depths = new Map<string, number>();
  for (const row of inOrder(rows)) {
    const depth = depths.get(row.service) ?? 0;
    depths.set(row.service, depth + 1);
    (rounds[depth] ??= []).push(row);
  }
  return rounds;
}

function columnsOf(rows: readonly HealthRow[]): unknown[] {
  return [
    rows.map(({ service }) => service),
    rows.map(({ at }) => at),
    rows.map(({ status }) => status),
    rows.map(({ reason }) => reason ?? null),
    rows.map(({ message }) => storableText(message ?? null)),
    rows.map(({ report }) => storableJson(report)),
    rows.map(({ latencyMs }) => latencyMs),
  ];
}

// PostgreSQL keeps no NUL in text.
function storableText(text: string | null): string | null {
  return text?.replaceAll('\0', '') ?? null;
}

// Nor does jsonb take the escapes of NUL and of half surrogates; escape by escape, so that `\\\\u0000` stays what it is.
function storableJson(report: HealthRow['report']): string | null {
  if (report === null) return null;
  return JSON.stringify(report).replace(/\\(?:u[0-9a-f]{4}|.)/gi, (escape) =>
    /^\\u(?:0000|d[89a-f])/i.test(escape) ? '\\ufffd' : escape,
  );
}

function readLatest(row: LatestRow): HealthRow {
  return {
    service: row.service,
    at: row.at.toISOString(),
    status: row.status,
    reason: row.reason,
    message: row.message,
    report: row.report === null ? null : parseHealthReport(row.report),
    latencyMs: row.latency_ms,
  };
}
