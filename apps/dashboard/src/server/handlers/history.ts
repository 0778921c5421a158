import type { InputOf } from '../../contract/api.js';
import { type HistoryReply, type Range, rangeMs, stepMs } from '../../contract/history.js';
import { type Handler, ok } from '../handler.js';
import { isMissingTable, type Recorded } from '../recorded.js';
import type { Survey } from '../survey.js';
import { mainOperation } from '../trends.js';

export interface HistoryDeps {
  readonly recorded: Recorded | null;
  readonly survey: Survey;
  /** Reads the marks drawn over the charts. */
  readonly marks: (service: string, from: string, to: string) => Promise<Pick<HistoryReply, 'alerts' | 'deploys'>>;
  readonly nowMs: () => number;
  onError(error: unknown): void;
}

/** Remembered replies: what to show while the database is away. */
const MOST_REMEMBERED = 200;

/** One service's past. Without a database it answers the last known past, or an empty one, and says so in `recorded`. */
export function createHistoryHandler(deps: HistoryDeps): Handler<'history'> {
  const remembered = new Map<string, HistoryReply>();
  return async ({ input }) => {
    const chosen = choose(deps.survey, input);
    const key = JSON.stringify([chosen.service, chosen.operation, chosen.range]);
    const empty = emptyReply(chosen, deps.nowMs());
    if (deps.recorded === null || !deps.survey.isDatabaseUp())
      return ok({ ...(remembered.get(key) ?? empty), recorded: false });
    try {
      const reply = await readPast(deps.recorded, deps.marks, empty);
      remembered.delete(key);
      remembered.set(key, reply);
      if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value ?? '');
      return ok(reply);
    } catch (error) {
      if (!isMissingTable(error)) deps.onError(error);
      return ok({ ...(remembered.get(key) ?? empty), recorded: false });
    }
  };
}

interface Chosen {
  readonly service: string;
  readonly operation: string;
  readonly operations: readonly string[];
  readonly range: Range;
}

/** Fills in what was left out: the first service, its main operation. */
function choose(survey: Survey, input: InputOf<'history'>): Chosen {
  const latest = survey.latest();
  const service = input.service ?? latest?.primary ?? 'oracle';
  const known = survey.seen().measured.get(service)?.report?.windows['60m'].by_operation ?? {};
  const operation = input.operation ?? mainOperation(known);
  const byUse = Object.entries(known).sort(([, a], [, b]) => b.count - a.count);
  return { service, operation, operations: byUse.map(([name]) => name), range: input.range };
}

/** The span ends with the running minute and its steps lie on whole steps, so that a refresh moves no point. */
function emptyReply({ service, operation, operations, range }: Chosen, nowMs: number): HistoryReply {
  const step = stepMs[range];
  const toMs = Math.ceil(nowMs / step) * step;
  return {
    service,
    operation,
    operations,
    range,
    generated_at: new Date(nowMs).toISOString(),
    from: new Date(toMs - rangeMs[range]).toISOString(),
    to: new Date(toMs).toISOString(),
    step_seconds: step / 1000,
    points: [],
    uptime_ratio: null,
    incidents: [],
    alerts: [],
    deploys: [],
    recorded: true,
  };
}

async function readPast(
  recorded: Recorded,
  readMarks: HistoryDeps['marks'],
  empty: HistoryReply,
): Promise<HistoryReply> {
  const { service, operation, from, to } = empty;
  const points = Math.round((Date.parse(to) - Date.parse(from)) / 1000 / empty.step_seconds);
  const [series, uptime, outages, marks] = await Promise.all([
    recorded.metrics.series({ service, operation, from, to, points }),
    recorded.health.uptime(service, from, to),
    recorded.health.outages(service, from, to),
    readMarks(service, from, to),
  ]);
  return {
    ...empty,
    ...marks,
    points: series,
    uptime_ratio: uptime.ratio,
    incidents: outages.map(({ startedAt, endedAt, reason }) => ({ from: startedAt, to: endedAt, reason })),
  };
}
