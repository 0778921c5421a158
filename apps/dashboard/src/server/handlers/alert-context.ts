import type { Rule } from '@nps/oracle-alerts';
import type { AlertContextReply, ServiceMoment, SignalSeries } from '../../contract/alert-context.js';
import type { AlertReply } from '../../contract/alerts.js';
import { shownStatuses } from '../../contract/status.js';
import { DashboardError } from '../errors.js';
import { type Handler, ok } from '../handler.js';
import type { Books, HandlerDeps } from '../handler-deps.js';
import { createLastGood, PAGE_FRESH_MS } from '../last-good.js';
import { inTurns } from '../live.js';
import { rulesOf } from '../rules-in-force.js';
import type { SeriesSource } from '../series-source.js';
import { loadSignal, type SignalPoints } from '../signal-series.js';

const MINUTE_MS = 60_000;
const BEFORE_MS = 30 * MINUTE_MS;
/** After its beginning; a longer alert is drawn up to its first half hour. */
const AFTER_MS = 30 * MINUTE_MS;
/** Others are shown as they were in the two minutes around the beginning. */
const MOMENT_MS = MINUTE_MS;
const MOST_OTHERS = 100;
const AT_ONCE = 4;

type Known = Pick<AlertReply, 'alert' | 'steps'>;
type Past = Omit<AlertContextReply, 'recorded'>;
const empty: Past = { since: null, series: null, others: [] };

/** What there is to see around the beginning of an alert. */
export function createAlertContextHandler(deps: HandlerDeps): Handler<'alertContext'> {
  const readings = createLastGood<Past>(deps, PAGE_FRESH_MS);
  return async ({ input: { id } }) => {
    const context = await readings.read(id, empty, async () => {
      const { books, series } = deps;
      return books === null || series === null ? empty : loadContext(deps, books, series, id);
    });
    if (context.recorded && context.since === null)
      throw new DashboardError('NOT_FOUND', 'No alert has this id; /api/alerts lists them.');
    return ok(context);
  };
}

async function loadContext(deps: HandlerDeps, books: Books, series: SeriesSource, id: string): Promise<Past> {
  const known = await books.alerts.one(id);
  // The steps may begin with earlier outages of the same alert; the last one is meant.
  const incident = known.alert?.incident ?? known.steps.at(-1)?.incident;
  const first = known.steps.find((step) => step.incident === incident);
  const since = known.alert?.since ?? first?.at ?? null;
  const service = known.alert?.service ?? first?.service;
  if (since === null || service === undefined) return empty;
  const { config, configuration } = deps;
  const name = known.alert?.rule ?? first?.rule;
  const rule = rulesOf(configuration.file().document, config.thresholds).find((each) => each.name === name);
  const [signal, others] = await Promise.all([
    rule === undefined ? null : loadSeries(deps, books, series, { rule, service, since, known }),
    loadOthers(deps, books, service, Date.parse(since)),
  ]);
  return { since, series: signal, others };
}

async function loadSeries(
  { survey, nowMs }: HandlerDeps,
  { recorded, jobs }: Books,
  series: SeriesSource,
  of: { readonly rule: Rule; readonly service: string; readonly since: string; readonly known: Known },
): Promise<SignalSeries> {
  const { rule, service, since, known } = of;
  const beginsMs = Math.floor(Date.parse(since) / MINUTE_MS) * MINUTE_MS;
  const from = new Date(beginsMs - BEFORE_MS).toISOString();
  const to = new Date(Math.max(beginsMs, Math.min(nowMs(), beginsMs + AFTER_MS)) + MINUTE_MS).toISOString();
  const report = survey.seen().measured.get(service)?.report;
  const query = {
    service,
    labels: known.alert?.labels ?? {},
    from,
    to,
    operations: Object.keys(report?.windows['60m'].by_operation ?? {}),
  };
  const points = await loadSignal(rule, query, { series, health: recorded.health, runsOf: (job) => jobs.runsOf(job) });
  return {
    signal: rule.over === undefined ? rule.signal : `${rule.signal} ÷ ${rule.over}`,
    unit: rule.unit,
    comparison: rule.comparison,
    threshold: known.alert?.threshold ?? rule.threshold,
    clear_threshold: rule.clearThreshold ?? null,
    from,
    to,
    points: points ?? stepValues(known, from, to),
    source: points === null ? 'steps' : 'history',
  };
}

function stepValues({ steps }: Known, from: string, to: string): SignalPoints {
  return steps.flatMap(({ at, value }) => (value === null || at < from || at >= to ? [] : [{ at, value }]));
}

async function loadOthers(
  { survey, configuration }: HandlerDeps,
  { recorded }: Books,
  service: string,
  atMs: number,
): Promise<readonly ServiceMoment[]> {
  const from = new Date(atMs - MOMENT_MS).toISOString();
  const to = new Date(atMs + MOMENT_MS).toISOString();
  const shown = survey.latest()?.services ?? {};
  const names = configuration.file().targets.map(({ name }) => name);
  const others: ServiceMoment[] = [];
  await inTurns(names.filter((name) => name !== service).slice(0, MOST_OTHERS), AT_ONCE, async (name) => {
    const [bucket] = await recorded.health.strip(name, from, to, (2 * MOMENT_MS) / MINUTE_MS);
    const status = bucket?.status ?? 'no_data';
    others.push({
      name,
      display_name: shown[name]?.display_name ?? name,
      status: status === 'unreachable' ? 'down' : status,
    });
  });
  return others.sort((a, b) => gravity(b) - gravity(a) || a.name.localeCompare(b.name));
}

/** `no_data` says less than `healthy` and is no fault of the service: it stands last. */
function gravity({ status }: ServiceMoment): number {
  return status === 'no_data' ? -1 : shownStatuses.indexOf(status);
}
