import type { InputOf } from '../../contract/api.js';
import type { HistoryReply, Range } from '../../contract/history.js';
import { chartSpan, pointsOf } from '../chart-span.js';
import { type Handler, ok } from '../handler.js';
import type { Books, HandlerDeps } from '../handler-deps.js';
import { createLastGood, PAGE_FRESH_MS } from '../last-good.js';
import type { SeriesSource } from '../series-source.js';
import type { Survey } from '../survey.js';
import { mainOperation } from '../trends.js';

/** One service's past. Without a database it answers the last known past, or an empty one, and says so in `recorded`. */
export function createHistoryHandler(deps: HandlerDeps): Handler<'history'> {
  const readings = createLastGood<Past>(deps, PAGE_FRESH_MS);
  return async ({ input }) => {
    const chosen = choose(deps.survey, input);
    const empty = emptyReply(chosen, deps.nowMs());
    const key = JSON.stringify([chosen.service, chosen.operation, chosen.range]);
    return ok(
      await readings.read(key, empty, async () =>
        deps.books === null || deps.series === null ? empty : readPast(deps.books, deps.series, empty),
      ),
    );
  };
}

type Past = Omit<HistoryReply, 'recorded'>;

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

function emptyReply({ service, operation, operations, range }: Chosen, nowMs: number): Past {
  return {
    service,
    operation,
    operations,
    ...chartSpan(range, nowMs),
    points: [],
    uptime_ratio: null,
    incidents: [],
    alerts: [],
    deploys: [],
  };
}

async function readPast({ recorded, alerts, deploys }: Books, charts: SeriesSource, empty: Past): Promise<Past> {
  const { service, operation, from, to } = empty;
  const [series, uptime, outages, bands, marks] = await Promise.all([
    charts.series({ service, operation, from, to, points: pointsOf(empty) }),
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
