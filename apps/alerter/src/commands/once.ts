import { setTimeout as delay } from 'node:timers/promises';
import { type AlertEvent, type Clock, createEvaluationState, evaluate, type Observation } from '@nps/oracle-alerts';
import { createProber } from '@nps/oracle-health/client';
import { type ProbeResult, publicAddress, type Target } from '@nps/oracle-health/contract';
import type { ScrapeResult } from '@nps/oracle-metrics/client';
import type { AlerterConfig } from '../config.js';
import { judgedSignals } from '../engine-config.js';
import { observeProbe, observeScrape } from '../observe.js';
import type { Settings } from '../settings.js';
import { outcomeOf } from '../target-loop.js';
import { createScraper, serviceFacts } from '../visit.js';

/** What `--once` works with. */
export interface OnceDeps {
  readonly clock: Clock;
  readonly redact: (text: string) => string;
}

/** What one look at everything found: readable lines, and whether all is well. */
export interface OnceReport {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
}

/** From the failure to the look that confirms it (ALERTING 2). */
const CONFIRM_AFTER_MS = 3000;

interface Sight {
  readonly target: Target;
  readonly probe: ProbeResult;
  readonly scrape: ScrapeResult | null;
  readonly observations: readonly Observation[];
}

/** Visits every target once, what failed a second time, and judges: exit code 1 when something is wrong. Tells nobody. */
export async function lookOnce(config: AlerterConfig, settings: Settings, deps: OnceDeps): Promise<OnceReport> {
  const signals = judgedSignals(settings.rules);
  const { probe } = createProber();
  const scrape = createScraper();
  const look = async (target: Target): Promise<Sight> => {
    const never = new AbortController().signal;
    const [probed, scraped] = await Promise.all([probe(target), scrape(target, never, undefined)]);
    const at = deps.clock.wallMs();
    const fromScrape = scraped === null ? [] : observeScrape(target, scraped, signals, 0, at);
    return {
      target,
      probe: probed,
      scrape: scraped,
      observations: [...observeProbe(target, probed, at), ...fromScrape],
    };
  };
  const first = await Promise.all(settings.targets.map(look));
  const suspects = first.filter(({ probe }) => outcomeOf(probe) === 'bad');
  if (suspects.length > 0) await delay(CONFIRM_AFTER_MS);
  const second = await Promise.all(suspects.map(({ target }) => look(target)));

  const latest = new Map([...first, ...second].map((sight) => [sight.target.name, sight]));
  const events = judge(settings, config, [first, second], deps.clock.wallMs());
  const bad = [...latest.values()].filter(({ probe }) => outcomeOf(probe) === 'bad').length;
  const fired = events.filter(({ kind }) => kind === 'fired');
  const verdict =
    bad === 0 && fired.length === 0
      ? `all ${latest.size} targets are well`
      : `${bad} of ${latest.size} targets down, ${fired.length} alerts`;
  return {
    lines: [...[...latest.values()].map(sightLine), ...fired.map(eventLine), verdict].map(deps.redact),
    exitCode: bad === 0 && fired.length === 0 ? 0 : 1,
  };
}

/** The events of a fresh evaluator that saw these rounds. */
function judge(
  settings: Settings,
  { cooldownMs }: AlerterConfig,
  rounds: readonly (readonly Sight[])[],
  now: number,
): readonly AlertEvent[] {
  let state = createEvaluationState({
    rules: settings.rules,
    services: settings.targets.map(serviceFacts),
    cooldownMs,
  });
  const events: AlertEvent[] = [];
  for (const round of rounds) {
    const evaluated = evaluate(
      state,
      round.flatMap(({ observations }) => observations),
      now,
    );
    state = evaluated.state;
    events.push(...evaluated.events);
  }
  return events;
}

function sightLine({ target, probe, scrape }: Sight): string {
  const status = probe.outcome === 'report' ? probe.status : 'unreachable';
  const mark = outcomeOf(probe) === 'bad' ? '✗' : status === 'degraded' ? '!' : '✓';
  const said = [probe.outcome === 'failure' ? probe.message : failingChecks(probe), scrapeWords(scrape)]
    .filter(Boolean)
    .join('; ');
  const latency = `${Math.round(probe.latencyMs)} ms`.padStart(8);
  return `${mark} ${target.name.padEnd(20)} ${status.padEnd(12)} ${latency}  ${publicAddress(target)}${said === '' ? '' : `  ${said}`}`;
}

function failingChecks(report: ProbeResult & { readonly outcome: 'report' }): string {
  const failing = Object.entries(report.health?.checks ?? {}).filter(([, { status }]) => status === 'error');
  return failing.map(([name, { error }]) => `${name}: ${error ?? 'error'}`).join(', ');
}

function scrapeWords(scrape: ScrapeResult | null): string {
  if (scrape === null) return '';
  if (scrape.outcome === 'failure') return `no metrics: ${scrape.message}`;
  if (scrape.outcome === 'samples') return `${scrape.samples.length} samples`;
  const { operations, errors, by_operation: operationsByName } = scrape.report.windows['5m'];
  const p95 = operationsByName['reading']?.p95;
  return `${operations} operations and ${errors} errors in 5 min${typeof p95 === 'number' ? `, reading p95 ${Math.round(p95)} ms` : ''}`;
}

function eventLine({ severity, rule, service, detail, value, threshold }: AlertEvent): string {
  return `→ would alert: ${severity} ${rule} for ${service}${detail === undefined ? ` (${value}, threshold ${threshold})` : `: ${detail}`}`;
}
