import type { Uptime } from '@nps/oracle-health/postgres';
import type { Objective, SloReply } from '../../contract/slo.js';
import { burnWindows, objectiveOf, WINDOW_DAYS } from '../error-budget.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood } from '../last-good.js';
import { inTurns } from '../live.js';
import type { Recorded } from '../recorded.js';

/** Five windows for every service are read; a budget of a month does not change within half a minute. */
const FRESH_MS = 30_000;
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** How much error budget every service has left. */
export function createSloHandler(deps: HandlerDeps): Handler<'slo'> {
  const readings = createLastGood<Pick<SloReply, 'objectives'>>(deps, FRESH_MS);
  const { sloPercent } = deps.config;
  return async () => {
    const known = await readings.read('slo', { objectives: [] }, async () => ({
      objectives: await loadObjectives(deps, deps.books?.recorded),
    }));
    return ok({ target_percent: sloPercent, window_days: WINDOW_DAYS, ...known });
  };
}

async function loadObjectives(
  { survey, config, nowMs }: HandlerDeps,
  recorded: Recorded | undefined,
): Promise<readonly Objective[]> {
  if (recorded === undefined) return [];
  const now = nowMs();
  const until = new Date(now).toISOString();
  const since = (ms: number) => new Date(now - ms).toISOString();
  const objectives: Objective[] = [];
  // Each takes one connection at a time, so that whoever asks for something else meanwhile finds others free.
  await inTurns(Object.values(survey.latest()?.services ?? {}), 3, async ({ name, display_name: displayName }) => {
    const whole = await recorded.health.uptime(name, since(WINDOW_DAYS * DAY_MS), until);
    const recent: Uptime[] = [];
    for (const { minutes } of burnWindows)
      recent.push(await recorded.health.uptime(name, since(minutes * MINUTE_MS), until));
    objectives.push(
      objectiveOf({ service: name, displayName, targetPercent: config.sloPercent, whole, recent, nowMs: now }),
    );
  });
  return objectives.sort((a, b) => (a.left_ratio ?? 2) - (b.left_ratio ?? 2) || a.service.localeCompare(b.service));
}
