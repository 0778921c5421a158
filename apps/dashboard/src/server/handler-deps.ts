import type { AlertBook } from './alert-book.js';
import type { DashboardConfig } from './config.js';
import type { Configuration } from './configuration.js';
import type { DeployBook } from './deploy-book.js';
import { DashboardError } from './errors.js';
import type { Guard } from './guard.js';
import type { JobBook } from './job-book.js';
import type { LastGoodDeps } from './last-good.js';
import type { LogSource } from './log-source.js';
import type { Recorded } from './recorded.js';
import type { SeriesSource } from './series-source.js';
import type { Sessions } from './sessions.js';
import type { Survey } from './survey.js';

/** Everything kept in PostgreSQL. */
export interface Books {
  readonly recorded: Recorded;
  readonly alerts: AlertBook;
  readonly deploys: DeployBook;
  readonly jobs: JobBook;
}

/** What handlers are made of. */
export interface HandlerDeps extends LastGoodDeps {
  readonly config: DashboardConfig;
  readonly configuration: Configuration;
  readonly survey: Survey;
  /** `null` without DATABASE_URL. */
  readonly books: Books | null;
  /** Where charts come from; `null` when nothing keeps a history. */
  readonly series: SeriesSource | null;
  readonly logs: LogSource;
  readonly guard: Guard;
  readonly sessions: Sessions;
  readonly phase: () => 'running' | 'stopping';
  /** Hides secrets in texts from outside. */
  redact(text: string): string;
}

/** The books, for a request that makes no sense without them. */
export function needBooks({ books, isDatabaseUp }: Pick<HandlerDeps, 'books' | 'isDatabaseUp'>): Books {
  if (books === null)
    throw new DashboardError('UNAVAILABLE', 'This needs a database: set DATABASE_URL and restart the dashboard.');
  if (!isDatabaseUp())
    throw new DashboardError('UNAVAILABLE', 'PostgreSQL does not answer; try again when the banner is gone.', {
      headers: { 'retry-after': '5' },
    });
  return books;
}
