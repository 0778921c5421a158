import type { AlertMatcher, MaintenanceWindow, Silence } from '@nps/oracle-alerts/contract';
import type { MaintenanceWindowSummary } from '../contract/maintenance.js';

/** Everything that holds fires: what people silenced or planned, and the weekly windows of the file. */
export interface QuietTimes {
  readonly silences: readonly Silence[];
  readonly weekly: readonly MaintenanceWindow[];
}

/** What a silence is asked about. */
export interface Quietable {
  readonly service: string;
  readonly rule?: string;
  readonly severity?: string;
}

/** Silences of this kind were planned as maintenance; the others were made to stop something at once. */
export const PLANNED_PREFIX = 'planned-';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** Until when the fires of something are held; `null` when they are not. A service is held when all its rules are. Pure. */
export function quietUntil({ silences, weekly }: QuietTimes, what: Quietable, nowMs: number): string | null {
  const ends = [
    ...silences.filter(({ matcher }) => covers(matcher, what)).map(({ startsAt, endsAt }) => ({ startsAt, endsAt })),
    ...weekly.filter(({ matcher }) => covers(matcher, what)).map((window) => nextSpan(window, nowMs)),
  ]
    .filter(({ startsAt, endsAt }) => startsAt <= nowMs && nowMs < endsAt)
    .map(({ endsAt }) => endsAt);
  return ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString();
}

/** The weekly and the planned windows, running ones first, then by their beginning. Pure. */
export function maintenanceWindows(
  { silences, weekly }: QuietTimes,
  nowMs: number,
): readonly MaintenanceWindowSummary[] {
  const planned = silences
    .filter(({ id, endsAt }) => id.startsWith(PLANNED_PREFIX) && nowMs < endsAt)
    .map((silence) => plannedWindow(silence, nowMs));
  return [...planned, ...weekly.map((window, index) => weeklyWindow(window, index, nowMs))].sort(
    (a, b) => a.state.localeCompare(b.state) || a.starts_at.localeCompare(b.starts_at),
  );
}

/** A planned silence as a window. Pure. */
export function plannedWindow(silence: Silence, nowMs: number): MaintenanceWindowSummary {
  return {
    id: silence.id,
    source: 'planned',
    ...spanFields(silence, nowMs),
    ...matcherFields(silence.matcher),
    weekdays: null,
    created_by: silence.createdBy,
    comment: silence.comment,
  };
}

/** The stretch of a weekly window that runs now, or else the next one; instants in ms. Pure. */
export function nextSpan(
  { weekdays, startsAtUtc, durationMinutes }: MaintenanceWindow,
  nowMs: number,
): { readonly startsAt: number; readonly endsAt: number } {
  const [hours = 0, minutes = 0] = startsAtUtc.split(':').map(Number);
  const todayMs = Math.floor(nowMs / DAY_MS) * DAY_MS + (hours * 60 + minutes) * MINUTE_MS;
  // Yesterday's may still run; the same weekday comes again within seven days.
  const days = Array.from({ length: 9 }, (_, day) => todayMs + (day - 1) * DAY_MS);
  const isOn = (startsAt: number) => weekdays === undefined || weekdays.includes(new Date(startsAt).getUTCDay());
  const endOf = (startsAt: number) => startsAt + durationMinutes * MINUTE_MS;
  const startsAt = days.find((start) => isOn(start) && nowMs < endOf(start)) ?? todayMs + 8 * DAY_MS;
  return { startsAt, endsAt: endOf(startsAt) };
}

function weeklyWindow(window: MaintenanceWindow, index: number, nowMs: number): MaintenanceWindowSummary {
  return {
    id: `file-${index}`,
    source: 'file',
    ...spanFields(nextSpan(window, nowMs), nowMs),
    ...matcherFields(window.matcher),
    weekdays: window.weekdays ?? [],
    created_by: null,
    comment: window.comment ?? null,
  };
}

function spanFields(
  { startsAt, endsAt }: { readonly startsAt: number; readonly endsAt: number },
  nowMs: number,
): Pick<MaintenanceWindowSummary, 'state' | 'starts_at' | 'ends_at'> {
  return {
    state: startsAt <= nowMs ? 'active' : 'upcoming',
    starts_at: new Date(startsAt).toISOString(),
    ends_at: new Date(endsAt).toISOString(),
  };
}

function matcherFields({ service, rule, severity }: AlertMatcher) {
  return { service: service ?? null, rule: rule ?? null, severity: severity ?? null };
}

function covers(matcher: AlertMatcher, what: Quietable): boolean {
  return (
    (matcher.service === undefined || matcher.service === what.service) &&
    (matcher.rule === undefined || matcher.rule === what.rule) &&
    (matcher.severity === undefined || matcher.severity === what.severity)
  );
}
