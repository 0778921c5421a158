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

/** Builds a collector; nothing is visited before `start()`. */
export function createCollector(config: CollectConfig, deps: CollectDeps): Collector {
  const stall = createStallWatch(deps.clock);
  const loops = new Map<string, TargetLoop>();
  const counts = { visits: 0, discarded: 0, lastVisitAt: null as number | null };
  let running = false;

  const onVisited: VisitDeps['onVisited'] = (_target, how) => {
    counts.visits += 1;
    if (how === 'discarded') counts.discarded += 1;
    counts.lastVisitAt = deps.clock.wallMs();
  };
  const add = (target: Target): TargetLoop => {
    const loop = new TargetLoop(target, config, { ...deps, onVisited }, stall);
    loops.set(target.name, loop);
    return loop;
  };
  const begin = (fresh: readonly TargetLoop[]): void => {
    const stepMs = fresh.length < SPREAD_FROM ? 0 : config.intervalMs / fresh.length;
    for (const [index, loop] of fresh.entries()) loop.start(index * stepMs);
  };
  for (const target of config.targets) add(target);

  return {
    start: () => {
      if (running) return;
      running = true;
      stall.start();
      begin([...loops.values()]);
    },
    stop: async () => {
      running = false;
      stall.stop();
      await Promise.all([...loops.values()].map((loop) => loop.stop()));
    },
    visitAll: async () => {
      await Promise.all([...loops.values()].map((loop) => loop.visitOnce()));
    },
    retarget: async (targets) => {
      const wanted = new Set(targets.map((target) => JSON.stringify(target)));
      const gone = [...loops.values()].filter((loop) => !wanted.has(JSON.stringify(loop.target)));
      for (const loop of gone) loops.delete(loop.target.name);
      const fresh = targets.filter((target) => !loops.has(target.name)).map(add);
      if (running) begin(fresh);
      await Promise.all(gone.map((loop) => loop.stop()));
    },
    status: () => ({ targets: loops.size, ...counts }),
  };
}
