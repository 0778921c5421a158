import type { UsageReply } from '../../contract/usage.js';
import { type ChartSpan, chartSpan, pointsOf } from '../chart-span.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood } from '../last-good.js';
import { inTurns } from '../live.js';
import type { SeriesSource } from '../series-source.js';
import { addUsage, namesByAmount, type ServiceUsage, totalOf } from '../usage.js';

/** New minutes arrive every minute; pages ask every few seconds. */
const FRESH_MS = 5000;
const AT_ONCE = 4;

type Past = Omit<UsageReply, 'recorded'>;

/** What went wrong and what the AI used, over time. */
export function createUsageHandler(deps: HandlerDeps): Handler<'usage'> {
  const readings = createLastGood<Past>(deps, FRESH_MS);
  return async ({ input: { service, range } }) => {
    const { series } = deps;
    const span = chartSpan(range, deps.nowMs());
    const names = service === undefined ? deps.configuration.file().targets.map(({ name }) => name) : [service];
    const chosen = service ?? null;
    return ok(
      await readings.read(JSON.stringify([chosen, range]), describe(span, chosen, []), async () =>
        describe(span, chosen, series === null ? [] : await loadUsage(series, names, span)),
      ),
    );
  };
}

async function loadUsage(
  series: SeriesSource,
  names: readonly string[],
  span: ChartSpan,
): Promise<readonly ServiceUsage[]> {
  const found: ServiceUsage[] = [];
  await inTurns(names, AT_ONCE, async (service) => {
    found.push({
      service,
      points: await series.usageSeries({ service, from: span.from, to: span.to, points: pointsOf(span) }),
    });
  });
  return found.filter(({ points }) => points.length > 0);
}

function describe(span: ChartSpan, service: string | null, services: readonly ServiceUsage[]): Past {
  const points = addUsage(services);
  return {
    service,
    ...span,
    points,
    error_types: namesByAmount(points.map(({ errors_by_type: errors }) => errors)),
    models: namesByAmount(points.map(({ tokens }) => tokens)),
    total: totalOf(points),
    by_service: services
      .map((each) => ({ service: each.service, ...totalOf(each.points) }))
      .sort((a, b) => b.cost_usd - a.cost_usd || b.errors - a.errors || a.service.localeCompare(b.service)),
  };
}
