import { DashboardError } from './errors.js';

/** Refuses what would hold every alert there is. @param why in words for the person who asked */
export function refuseEmptyMatcher(matcher: Readonly<Record<string, unknown>>, why: string): void {
  if (Object.values(matcher).some((each) => each !== undefined)) return;
  throw new DashboardError('INVALID_INPUT', why, {
    faults: [{ field: 'service', expected: 'at least one of service, rule, severity' }],
  });
}
