import { randomUUID } from 'node:crypto';
import { DashboardError } from '../errors.js';
import { type Handlers, ok } from '../handler.js';
import { type HandlerDeps, needBooks } from '../handler-deps.js';
import { createLastGood, PAGE_FRESH_MS } from '../last-good.js';
import { maintenanceWindows, PLANNED_PREFIX, plannedWindow, type QuietTimes } from '../quiet-times.js';
import { refuseEmptyMatcher } from '../refuse-empty-matcher.js';
import { maintenanceOf } from '../rules-in-force.js';

const MINUTE_MS = 60_000;
/** Nobody plans further ahead; it is a slip of the year. */
const AHEAD_MS = 366 * 1440 * MINUTE_MS;

/** Times in which fires are held. */
export function createMaintenanceHandlers(
  deps: HandlerDeps,
): Pick<Handlers, 'maintenance' | 'storeMaintenance' | 'deleteMaintenance'> {
  const readings = createLastGood<Pick<QuietTimes, 'silences'>>(deps, PAGE_FRESH_MS);
  const { configuration, nowMs } = deps;
  return {
    async maintenance() {
      const { silences, recorded } = await readings.read(
        'silences',
        { silences: [] },
        async () => (await deps.books?.alerts.quietTimes()) ?? { silences: [] },
      );
      const weekly = maintenanceOf(configuration.file().document);
      return ok({ windows: maintenanceWindows({ silences, weekly }, nowMs()), recorded });
    },
    async storeMaintenance({ input: { starts_at: start, minutes, comment, ...matcher }, visitor }) {
      const { alerts } = needBooks(deps);
      refuseEmptyMatcher(matcher, 'A window without a service, rule or severity would hold everything.');
      const startsAt = Date.parse(start);
      const endsAt = startsAt + minutes * MINUTE_MS;
      if (endsAt <= nowMs() || startsAt > nowMs() + AHEAD_MS)
        throw new DashboardError('INVALID_INPUT', 'The window is over already, or more than a year ahead.', {
          faults: [{ field: 'starts_at', expected: 'an instant within a year, with an end that has not passed' }],
        });
      const silence = await alerts.silence({
        id: `${PLANNED_PREFIX}${randomUUID()}`,
        startsAt,
        endsAt,
        createdBy: visitor.user ?? 'unknown',
        comment,
        ...matcher,
      });
      return { status: 201, body: plannedWindow(silence, nowMs()) };
    },
    async deleteMaintenance({ input: { id } }) {
      if (id.startsWith('file-'))
        throw new DashboardError('NOT_ALLOWED', 'This window stands in the configuration file; change it there.');
      const { alerts } = needBooks(deps);
      if (id.startsWith(PLANNED_PREFIX) && (await alerts.endSilence(id))) return ok({ id });
      throw new DashboardError('NOT_FOUND', 'No planned window has this id; it may have ended.');
    },
  };
}
