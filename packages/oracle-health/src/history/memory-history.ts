import { inOrder, parseBounds, parseBucket, parseInstant } from './bounds.js';
import type { HealthHistory, HealthRow } from './history.js';
import { computeOutages, computeStrip, computeUptime, maxGapMs, type Span } from './timeline.js';

/** Settings of {@link createMemoryHealthHistory}. */
export interface MemoryHistoryOptions {
  /** Spans kept per service; the oldest go first. Default 10000. */
  readonly maxSpans?: number;
}

interface Record {
  latest: HealthRow;
  spans: Span[];
}

/** A history that lives as long as the process: for the dashboard without a database, and for tests. */
export function createMemoryHealthHistory({ maxSpans = 10_000 }: MemoryHistoryOptions = {}): HealthHistory {
  const records = new Map<string, Record>();

  function storeOne(row: HealthRow): void {
    const at = Date.parse(row.at);
    const record = records.get(row.service);
    if (!record) {
      records.set(row.service, { latest: row, spans: [spanOf(row, at)] });
      return;
    }
    if (at <= Date.parse(record.latest.at)) return;
    record.latest = row;
    const last = record.spans.at(-1);
    const isSame = last && last.status === row.status && last.reason === (row.reason ?? null);
    if (isSame && at - last.lastAt <= maxGapMs) record.spans[record.spans.length - 1] = { ...last, lastAt: at };
    else record.spans.push(spanOf(row, at));
    if (record.spans.length > maxSpans) record.spans.shift();
  }

  const spansOf = (service: string) => records.get(service)?.spans ?? [];

  return {
    async store(rows) {
      for (const row of inOrder(rows)) storeOne(row);
    },
    async latest() {
      const rows = [...records.values()].map(({ latest }) => latest);
      return rows.sort((a, b) => (a.service < b.service ? -1 : 1));
    },
    async uptime(service, from, to) {
      const { fromMs, toMs } = parseBounds(from, to);
      return computeUptime(spansOf(service), fromMs, toMs);
    },
    async outages(service, from, to) {
      const { fromMs, toMs } = parseBounds(from, to);
      return computeOutages(spansOf(service), fromMs, toMs);
    },
    async strip(service, from, to, bucketMinutes) {
      const { fromMs, toMs } = parseBounds(from, to);
      return computeStrip(spansOf(service), fromMs, toMs, parseBucket(bucketMinutes, toMs - fromMs));
    },
    async prune(before) {
      const beforeMs = parseInstant(before);
      let pruned = 0;
      for (const record of records.values()) {
        const kept = record.spans.filter(({ lastAt }) => lastAt >= beforeMs);
        pruned += record.spans.length - kept.length;
        record.spans = kept;
      }
      return pruned;
    },
  };
}

function spanOf({ status, reason, message }: HealthRow, at: number): Span {
  return { status, reason: reason ?? null, message: message ?? null, startedAt: at, lastAt: at };
}
