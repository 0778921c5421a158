import type { AlertEngine, Clock } from '@nps/oracle-alerts';
import { createJobMonitor } from '@nps/oracle-metrics';
import type { Database } from './database.js';
import { observeJobs } from './observe-jobs.js';
import { createRepeat, type Repeat } from './repeat.js';

/** What the look at the jobs needs. */
export interface JobWatchDeps {
  readonly clock: Clock;
  readonly engine: Pick<AlertEngine, 'observe'>;
  /** Names of the watched services. */
  readonly services: () => ReadonlySet<string>;
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** Runs looked at: of fifty jobs the last ten each. */
const MAX_RUNS = 500;

/** Looks at the job runs that services left in the database, and marks the runs of dead processes as lost. */
export function createJobWatch(database: Database, deps: JobWatchDeps): Repeat {
  const monitor = createJobMonitor({ pool: database.historyPool, onError: deps.onError });
  const looking = createRepeat({
    clock: deps.clock,
    everyMs: deps.everyMs,
    onError: deps.onError,
    run: async () => {
      if (database.state() !== 'ready') return;
      monitor.start();
      const runs = await monitor.status({ limit: MAX_RUNS });
      deps.engine.observe(observeJobs(runs, deps.services(), deps.clock.wallMs()));
    },
  });
  return {
    start: looking.start,
    stop: async () => {
      await looking.stop();
      await monitor.stop();
    },
  };
}
