import type { InputOf } from '../../contract/api.js';
import { type HistoryReply, type Range, rangeMs, stepMs } from '../../contract/history.js';
import { type Handler, ok } from '../handler.js';
import type { Books, HandlerDeps } from '../handler-deps.js';
import { createLastGood } from '../last-good.js';
import type { Survey } from '../survey.js';
import { mainOperation } from '../trends.js';

/** One service's past. Without a database it answers the last known past, or an empty one, and says so in `recorded`. */
export function createHistoryHandler(deps: HandlerDeps): Handler<'history'> {
  const readings = createLastGood<HistoryReply>(deps);
  return async ({ input }) => {
    const chosen = choose(deps.survey, input);
    const empty = emptyReply(chosen, deps.nowMs());
    const key = JSON.stringify([chosen.service, chosen.operation, chosen.range]);
    const { value, recorded } = await readings.read(key, async () =>
      deps.books === null ? empty : readPast(deps.books, empty),
    );
    return ok({ ...(value ?? empty), recorded });
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

async function readPast({ recorded, alerts, deploys }: Books, empty: HistoryReply): Promise<HistoryReply> {
  const { service, operation, from, to } = empty;
  const points = Math.round((Date.parse(to) - Date.parse(from)) / 1000 / empty.step_seconds);
  const [series, uptime, outages, bands, marks] = await Promise.all([
    recorded.metrics.series({ service, operation, from, to, points }),
    recorded.health.uptime(service, from, to),
    recorded.health.outages(service, from, to),
    alerts.bands(service, from, to),
    deploys.between(service, from, to),
  ]);
  return {
    ...empty,
    points: series,
    uptime_ratio: uptime.ratio,
    incidents: outages.map(({ startedAt, endedAt, reason }) => ({ from: startedAt, to: endedAt, reason })),
    alerts: bands,
    deploys: marks,
  };
}
