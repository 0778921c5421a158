/** Whether a fire may be told now. Pure. */
import type { AlertMatcher, HoldReason, MaintenanceWindow, Rule } from '../contract/index.js';
import type { AlertRecord } from './alert-record.js';
import type { EvaluationState, ServiceMemory } from './evaluation-state.js';

const HOUR_MS = 3_600_000;
const DAY_MINUTES = 1440;
/** So many beginnings and ends of outages within an hour are flapping. */
const FLAPPING_FROM = 6;
/**
 * Bad for so long without a break, a flapping alert is an outage after all: from the first failed visit to the next one of
 * the plan (10 s, and its jitter), so that it is told within 30 s even then (ALERTING 1).
 */
const STEADY_MS = 9000;

/** Whether an alert changes so often that its fires are delayed. */
export function isFlapping(record: AlertRecord, rule: Rule, now: number): boolean {
  if (rule.flapDamping === false) return false;
  return record.changes.filter((at) => now - at < HOUR_MS).length >= FLAPPING_FROM;
}

/** What holds the fire of an open, unannounced alert; null when nothing does. */
export function findHold(
  record: AlertRecord,
  rule: Rule,
  state: Pick<EvaluationState, 'mutes' | 'maintenance' | 'cooldownMs' | 'services'>,
  inhibiting: ReadonlySet<string>,
  now: number,
): HoldReason | null {
  if (isMuted(record, rule, state, now)) return 'silenced';
  if (isInhibited(record, rule, state, inhibiting)) return 'inhibited';
  if (record.lastFireAt === null) return null;
  const cooldownMs = rule.cooldownSeconds === undefined ? state.cooldownMs : rule.cooldownSeconds * 1000;
  const elapsedMs = now - record.lastFireAt;
  if (elapsedMs < cooldownMs) return 'cooldown';
  const isSteady = record.goodRun === 0 && now - (record.openedAt ?? now) >= STEADY_MS;
  if (isSteady || !isFlapping(record, rule, now)) return null;
  const delayMs = Math.min(cooldownMs * 2 ** record.flapLevel, Math.max(HOUR_MS, cooldownMs));
  return elapsedMs < delayMs ? 'flapping' : null;
}

/** Whether a silence or a maintenance window covers the alert. */
export function isMuted(
  record: AlertRecord,
  rule: Rule,
  state: Pick<EvaluationState, 'mutes' | 'maintenance'>,
  now: number,
): boolean {
  return (
    state.mutes.some((mute) => mute.from <= now && now < mute.until && matches(mute.matcher, record, rule)) ||
    state.maintenance.some((window) => isInWindow(window, now) && matches(window.matcher, record, rule))
  );
}

function matches(matcher: AlertMatcher, record: AlertRecord, rule: Rule): boolean {
  return (
    (matcher.service === undefined || matcher.service === record.service) &&
    (matcher.rule === undefined || matcher.rule === record.rule) &&
    (matcher.severity === undefined || matcher.severity === rule.severity)
  );
}

/** Whether an instant lies in a weekly window, which may run over midnight. */
export function isInWindow(window: MaintenanceWindow, now: number): boolean {
  const date = new Date(now);
  const minute = date.getUTCHours() * 60 + date.getUTCMinutes();
  const [hours = 0, minutes = 0] = window.startsAtUtc.split(':').map(Number);
  const start = hours * 60 + minutes;
  const isOn = (weekday: number): boolean => window.weekdays === undefined || window.weekdays.includes(weekday);
  const today = date.getUTCDay();
  if (isOn(today) && minute >= start && minute < start + window.durationMinutes) return true;
  const sinceYesterday = minute + DAY_MINUTES - start;
  return isOn((today + 6) % 7) && sinceYesterday < window.durationMinutes;
}

/** Whether the outage of the service itself, or of something it depends on, explains the alert. */
export function isInhibited(
  record: AlertRecord,
  rule: Rule,
  state: Pick<EvaluationState, 'services'>,
  inhibiting: ReadonlySet<string>,
): boolean {
  if (inhibiting.size === 0) return false;
  if (rule.inhibits !== 'source' && inhibiting.has(record.service)) return true;
  return dependenciesOf(record.service, state.services).some((name) => inhibiting.has(name));
}

/** Services that a service needs; those that need it as well explain nothing. */
function dependenciesOf(service: string, services: EvaluationState['services']): readonly string[] {
  const needed = [...neededBy(service, services)];
  return needed.filter((name) => name !== service && !neededBy(name, services).has(service));
}

function neededBy(service: string, services: EvaluationState['services']): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const next of services.get(name)?.dependsOn ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(service);
  return found;
}

/** When the last of the outages that explain an alert ended; null when none did. */
export function causeEndedAt(
  record: AlertRecord,
  rule: Rule,
  state: Pick<EvaluationState, 'services' | 'memory' | 'ruleIndex'>,
): number | null {
  const causes = dependenciesOf(record.service, state.services);
  const services = rule.inhibits === 'source' ? causes : [record.service, ...causes];
  const ends = services.flatMap((name) =>
    [...(state.memory.get(name)?.alerts.values() ?? [])].flatMap((cause) =>
      cause.resolvedAt !== null && state.ruleIndex.byName.get(cause.rule)?.inhibits === 'source'
        ? [cause.resolvedAt]
        : [],
    ),
  );
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Services whose own outage is open or just being confirmed. */
export function findInhibiting(
  memory: ReadonlyMap<string, ServiceMemory>,
  busy: ReadonlySet<string>,
  rules: ReadonlyMap<string, Rule>,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const name of busy) {
    for (const record of memory.get(name)?.alerts.values() ?? []) {
      const isOpen = record.openedAt !== null || record.phase === 'pending';
      if (isOpen && rules.get(record.rule)?.inhibits === 'source') names.add(name);
    }
  }
  return names;
}
