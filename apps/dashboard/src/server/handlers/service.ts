import type { AlertStep } from '../../contract/alerts.js';
import type { JobLine } from '../../contract/jobs.js';
import type { Figures } from '../../contract/status.js';
import { primaryOf, reportsOf } from '../compose-status.js';
import { DashboardError } from '../errors.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood, PAGE_FRESH_MS } from '../last-good.js';
import { noFigures } from '../summarise.js';
import { loadYesterday, mainOperation } from '../trends.js';

const MOST_STEPS = 20;
const MOST_RUNS = 500;
/** The hour that ended a day ago moves slowly. */
const YESTERDAY_FRESH_MS = 60_000;

interface Recent {
  readonly steps: readonly AlertStep[];
  readonly jobs: readonly JobLine[];
}

const nothing: Recent = { steps: [], jobs: [] };

/** One service with both reports in full. */
export function createServiceHandler(deps: HandlerDeps): Handler<'service'> {
  const past = createLastGood<Figures>(deps, YESTERDAY_FRESH_MS);
  const recent = createLastGood<Recent>(deps, PAGE_FRESH_MS);
  return async ({ input: { name } }) => {
    const latest = deps.survey.latest();
    const service = latest !== null && Object.hasOwn(latest.services, name) ? latest.services[name] : undefined;
    if (latest === null || service === undefined) {
      throw new DashboardError('NOT_FOUND', 'No service of this name is watched; the overview lists them.');
    }
    const seen = deps.survey.seen();
    const operation = mainOperation(seen.measured.get(name)?.report?.windows['60m'].by_operation ?? {});
    const [{ recorded: _, ...yesterday }, happened] = await Promise.all([
      past.read(JSON.stringify([name, operation]), noFigures, async () =>
        deps.series === null ? noFigures : loadYesterday(deps.series, name, operation, deps.nowMs()),
      ),
      recent.read(name, nothing, () => loadRecent(deps, name)),
    ]);
    return ok({
      generated_at: latest.generated_at,
      service,
      ...reportsOf(seen, name),
      yesterday,
      last_alerts: happened.steps,
      jobs: happened.jobs,
    });
  };
}

async function loadRecent({ books, configuration }: HandlerDeps, name: string): Promise<Recent> {
  if (books === null) return nothing;
  const [steps, { jobs }] = await Promise.all([
    books.alerts.steps(name, MOST_STEPS),
    books.jobs.load({ jobName: undefined, limit: MOST_RUNS }),
  ]);
  const primary = primaryOf(configuration.file().targets);
  return { steps, jobs: jobs.filter(({ service }) => (service ?? primary) === name) };
}
