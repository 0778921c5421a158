import type { Target } from '@nps/oracle-health/contract';
import { createStallWatch } from './stall.js';
import { type Rhythm, TargetLoop, type VisitDeps } from './target-loop.js';

/** What is collected, and how often. */
export interface CollectConfig extends Rhythm {
  readonly targets: readonly Target[];
}

/** The world the collector works in. */
export type CollectDeps = Omit<VisitDeps, 'onVisited'>;

/** How the collector itself is doing. */
export interface CollectStatus {
  readonly targets: number;
  readonly visits: number;
  /** Visits thrown away because the alerter itself stood still while they were under way. */
  readonly discarded: number;
  /** Wall clock in ms of the last finished visit of any target; null before the first. */
  readonly lastVisitAt: number | null;
}

/** Visits every target in its own rhythm, targets side by side. */
export interface Collector {
  start(): void;
  /** Ends all visits under way; resolves when none is left. Idempotent. */
  stop(): Promise<void>;
  /** Visits every target once, now. */
  visitAll(): Promise<void>;
  /** Takes new targets (hot reload): unchanged ones keep their rhythm, removed ones are let go. */
  retarget(targets: readonly Target[]): Promise<void>;
  status(): CollectStatus;
}

/** Below this number all targets are asked at once; from it on, first visits are spread over one interval. */
const SPREAD_FROM = 20;

/** Builds a collector; nothing is visited before `start()`. It may be stopped and started again (leadership comes and goes). */
export function createCollector(config: CollectConfig, deps: CollectDeps): Collector {
  const stall = createStallWatch(deps.clock);
  const loops = new Map<string, TargetLoop>();
  const counts = { visits: 0, discarded: 0, lastVisitAt: null as number | null };
  let targets = config.targets;
  let running = false;

  const onVisited: VisitDeps['onVisited'] = (_target, how) => {
    counts.visits += 1;
    if (how === 'discarded') counts.discarded += 1;
    counts.lastVisitAt = deps.clock.wallMs();
  };
  const createLoop = (target: Target): TargetLoop => new TargetLoop(target, config, { ...deps, onVisited }, stall);
  const begin = (fresh: readonly TargetLoop[]): void => {
    const stepMs = fresh.length < SPREAD_FROM ? 0 : config.intervalMs / fresh.length;
    for (const [index, loop] of fresh.entries()) {
      loops.set(loop.target.name, loop);
      loop.start(index * stepMs);
    }
  };
  const end = (gone: readonly TargetLoop[]): Promise<unknown> => {
    for (const loop of gone) loops.delete(loop.target.name);
    return Promise.all(gone.map((loop) => loop.stop()));
  };

  return {
    start: () => {
      if (running) return;
      running = true;
      stall.start();
      begin(targets.map(createLoop));
    },
    stop: async () => {
      running = false;
      stall.stop();
      await end([...loops.values()]);
    },
    visitAll: async () => {
      await Promise.all(targets.map((target) => (loops.get(target.name) ?? createLoop(target)).visitOnce()));
    },
    retarget: async (next) => {
      targets = next;
      if (!running) return;
      const wanted = new Set(next.map((target) => JSON.stringify(target)));
      const ended = end([...loops.values()].filter((loop) => !wanted.has(JSON.stringify(loop.target))));
      begin(next.filter((target) => !loops.has(target.name)).map(createLoop));
      await ended;
    },
    status: () => ({ targets: targets.length, ...counts }),
  };
}
