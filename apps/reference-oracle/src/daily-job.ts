import type { OracleLogger } from '@nps/oracle-logger';
import type { JobMonitor } from '@nps/oracle-metrics';
import { dailyInsight } from './daily-insight.js';
import { messageOf } from './errors.js';
import { type CalendarDate, formatCalendarDate } from './numerology/calendar-date.js';
import type { InsightStore } from './store/insights.js';

/** Name of the job in `job_runs`. */
export const DAILY_JOB = 'daily-insight';

/** A job that runs again and again until it is stopped. */
export interface DailyJob {
  /** Runs at once, then every interval; returns at once. */
  start(): void;
  /** Starts no new run and waits for the one under way. */
  stop(): Promise<void>;
}

export interface DailyJobDeps {
  readonly jobs: JobMonitor;
  readonly insights: InsightStore;
  readonly logger: OracleLogger;
  readonly intervalMs: number;
  today(): CalendarDate;
}

/**
 * Writes the insight of the day. A run that finds it written changes nothing, so the job may run often, twice at once,
 * and in several replicas; a run that fails is recorded as failed and tried again an interval later.
 */
export function createDailyJob({ jobs, insights, logger, intervalMs, today }: DailyJobDeps): DailyJob {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const runOnce = async (): Promise<void> => {
    const on = today();
    try {
      const { insight, isNew } = await jobs.monitorJob(DAILY_JOB, { metadata: { date: formatCalendarDate(on) } }, () =>
        insights.storeDaily(dailyInsight(on)),
      );
      logger.info(isNew ? 'daily insight written' : 'daily insight stands already', {
        action: DAILY_JOB,
        number: insight.number,
      });
    } catch (error) {
      logger.error(`daily insight not written: ${messageOf(error)}`, { action: DAILY_JOB, error });
    }
  };
  const run = (): void => {
    running = running.then(runOnce);
  };
  return {
    start: () => {
      if (timer !== undefined) return;
      run();
      timer = setInterval(run, intervalMs).unref();
    },
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
