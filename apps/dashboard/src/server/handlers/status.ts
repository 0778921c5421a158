import { DashboardError } from '../errors.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';

/** Answers from the last look around, so it takes no time and never fails with the database. */
export function createStatusHandler({ survey }: Pick<HandlerDeps, 'survey'>): Handler<'status'> {
  return () => {
    const latest = survey.latest();
    if (latest === null)
      throw new DashboardError('UNAVAILABLE', 'The first look around is under way; ask again in two seconds.', {
        headers: { 'retry-after': '2' },
      });
    return ok(latest);
  };
}
