/** Reports and samples in, observations out: the only place where the words of one package become another's. Pure. */
import type { Observation } from '@nps/oracle-alerts';
import type { CheckReport, HealthReport, ProbeResult, Target } from '@nps/oracle-health/contract';
import type { ScrapeResult } from '@nps/oracle-metrics/client';
import type { MetricsReport, Sample } from '@nps/oracle-metrics/contract';
import { failingChecks, reasonOf } from './failure-words.js';

/** The window of the error rate and of p95, as a label (ALERTING 6, 7). */
const WINDOW = { window: '300' } as const;

/** The signals and metric names that some rule judges, each with the age in ms to which a figure of it still counts. */
export type JudgedSignals = ReadonlyMap<string, number>;

/** Metrics that stood still for longer say nothing any more, where no rule says otherwise (ALERTING 6). */
export const STALE_AFTER_MS = 30_000;

/**
 * What one probe says.
 * @param at wall clock of the alerter in ms; a target's own clock is never trusted
 */
export function observeProbe(target: Target, result: ProbeResult, at: number): readonly Observation[] {
  const say = speaker(target.name, at);
  if (result.outcome === 'failure') {
    return [say('up', 0, { reason: result.reason }, result.message)];
  }
  const isDown = result.status === 'down';
  return [
    isDown ? say('up', 0, { reason: 'down' }, whatFails(result.health, 'the service says it is down')) : say('up', 1),
    ...(isDown ? [] : [observeDegraded(say, result.status === 'degraded', result.health)]),
    ...(result.health === null ? [] : observeChecks(say, result.health)),
  ];
}

/**
 * What one scrape says. Nothing is said about figures that are missing, not finite or stale.
 * @param ageMs for how long the report has stood still (see freshness.ts)
 */
export function observeScrape(
  target: Target,
  result: ScrapeResult,
  judged: JudgedSignals,
  ageMs: number,
  at: number,
): readonly Observation[] {
  const say = speaker(target.name, at);
  if (result.outcome === 'failure') return [];
  const observations =
    result.outcome === 'report' ? observeReport(say, result.report) : observeSamples(say, result.samples, judged);
  return observations.filter(
    ({ signal, value }) => Number.isFinite(value) && ageMs <= (judged.get(signal) ?? STALE_AFTER_MS),
  );
}

type Say = (signal: string, value: number, labels?: Readonly<Record<string, string>>, detail?: string) => Observation;

function speaker(service: string, at: number): Say {
  return (signal, value, labels = {}, detail) => ({
    service,
    signal,
    labels,
    value,
    at,
    ...(detail === undefined || detail === '' ? {} : { detail }),
  });
}

function observeDegraded(say: Say, isDegraded: boolean, health: HealthReport | null): Observation {
  return isDegraded ? say('degraded', 1, {}, whatFails(health, 'it does not say why')) : say('degraded', 0);
}

/** Checks about the service's own machine and process; every other check is about something it depends on. */
const OWN_CHECKS: ReadonlySet<string> = new Set(['disk', 'memory', 'uptime', 'event_loop', 'certificate', 'metrics']);

function observeChecks(say: Say, health: HealthReport): readonly Observation[] {
  return Object.entries(health.checks).flatMap(([name, check]) => observeCheck(say, name, check));
}

function observeCheck(say: Say, name: string, check: CheckReport): readonly Observation[] {
  if (check.unit === 'days')
    return check.value === undefined ? [] : [say('certificate_days_left', check.value, { check: name })];
  if (name === 'disk' || name === 'memory') {
    return check.value === undefined ? [] : [say(`${name}_used_ratio`, check.value)];
  }
  if (check.status === 'skipped' || OWN_CHECKS.has(name)) return [];
  const isUp = check.status !== 'error';
  return [say('dependency_up', isUp ? 1 : 0, { dependency: name }, isUp ? undefined : reasonOf(check))];
}

/** What fails, as the service itself says. */
function whatFails(health: HealthReport | null, otherwise: string): string {
  return (health === null ? '' : failingChecks(health)) || otherwise;
}

function observeReport(say: Say, report: MetricsReport): readonly Observation[] {
  const window = report.windows['5m'];
  const readingP95Ms = window.by_operation['reading']?.p95 ?? null;
  return [
    say('operations', window.operations, WINDOW),
    say('errors', window.errors, WINDOW),
    ...(readingP95Ms === null ? [] : [say('reading_p95_seconds', readingP95Ms / 1000, WINDOW)]),
    ...report.in_flight
      .filter((running) => running.operation === 'reading')
      .map((running) => say('reading_seconds', running.duration_ms / 1000, { id: running.id, state: 'running' })),
    say('ai_cost_usd_today', report.today.cost_usd),
    ...(report.average_response_time_ms === null
      ? []
      : [say('response_avg_seconds', report.average_response_time_ms / 1000)]),
  ];
}

function observeSamples(say: Say, samples: readonly Sample[], judged: JudgedSignals): readonly Observation[] {
  return samples
    .filter((sample) => judged.has(sample.name))
    .map((sample) => say(sample.name, sample.value, sample.labels));
}
