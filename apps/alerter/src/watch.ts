import type { AlertEngine, Clock, Observation } from '@nps/oracle-alerts';
import type { ProbeResult, Target } from '@nps/oracle-health/contract';
import type { ScrapeResult } from '@nps/oracle-metrics/client';
import { createBatch } from './batch.js';
import { type Collector, createCollector } from './collect.js';
import type { Connectivity } from './connectivity.js';
import { ageMsOf, type Freshness, notedFreshness } from './freshness.js';
import { type JudgedSignals, observeProbe, observeScrape } from './observe.js';
import type { SeenByCollector } from './record.js';
import { createScraper, type Scraper } from './visit.js';

/** What the loop is made of. */
export interface WatchParts {
  readonly clock: Clock;
  readonly probe: (target: Target, signal: AbortSignal) => Promise<ProbeResult>;
  /** Default: over HTTP. */
  readonly scrape?: Scraper;
  readonly engine: Pick<AlertEngine, 'observe'>;
  readonly connectivity: Connectivity;
  /** Null without a database: nothing is recorded. */
  readonly recorder: SeenByCollector | null;
  /** What some rule judges; read anew at every scrape, since rules may be reloaded. */
  readonly judgedSignals: () => JudgedSignals;
  readonly onError: (error: unknown) => void;
}

/** From the failure to the look that confirms it (ALERTING 2). */
const REPROBE_MS = 3000;

/** A judgement looks at every alert there is: a thousand targets are judged five times a second, not four hundred times. */
const GATHER_MS = 200;

/** The loop: collect → store → observe → evaluate; telling people is the engine's last step. */
export function createWatch(targets: readonly Target[], intervalMs: number, parts: WatchParts): Collector {
  const { clock, engine, connectivity, recorder, scrape = createScraper() } = parts;
  const freshness = new Map<string, Freshness>();
  const judged = createBatch<Observation>(clock, GATHER_MS, (observations) => engine.observe(observations));

  const onProbe = (target: Target, result: ProbeResult): void => {
    connectivity.note(result, clock.monotonicMs());
    recorder?.addProbe(target, result);
    judged.add(observeProbe(target, result, clock.wallMs()));
  };

  const onScrape = (target: Target, result: ScrapeResult): void => {
    recorder?.addScrape(target, result);
    judged.add(observeScrape(target, result, parts.judgedSignals(), ageMs(target, result), clock.wallMs()));
  };

  /** Samples of a Prometheus page carry no instant of their own: what was just read is fresh. */
  const ageMs = (target: Target, result: ScrapeResult): number => {
    if (result.outcome !== 'report') return 0;
    const noted = notedFreshness(freshness.get(target.name), result.report.timestamp, clock.monotonicMs());
    freshness.set(target.name, noted);
    return ageMsOf(noted, clock.monotonicMs(), clock.wallMs());
  };

  const collector = createCollector(
    { targets, intervalMs, reprobeMs: REPROBE_MS },
    {
      clock,
      probe: parts.probe,
      scrape: (target, signal) => scrape(target, signal, recorder?.minutesSince(target)),
      onProbe,
      onScrape,
      onError: parts.onError,
    },
  );
  return {
    ...collector,
    retarget: (next) => {
      const kept = new Set(next.map(({ name }) => name));
      for (const name of freshness.keys()) if (!kept.has(name)) freshness.delete(name);
      return collector.retarget(next);
    },
    stop: () => {
      judged.clear();
      return collector.stop();
    },
  };
}
