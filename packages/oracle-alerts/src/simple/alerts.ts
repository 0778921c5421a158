/** One line for each thing that a service or job wants to be told about. */
import { type OracleAlerter } from './oracle-alerter.js';
import { shareOf, textOf } from './spoken.js';
import { type CheckableResources, type ResourceLimits } from './system-resources.js';

type Sender = Pick<OracleAlerter, 'sendAlert'>;

/** A job failed. Counted by the cooldown per job. */
export function alertJobFailed(alerter: Sender, jobName: string, error: unknown, failures = 1): Promise<boolean> {
  const times = failures > 1 ? ` ${failures} times in a row` : '';
  return alerter.sendAlert(
    'error',
    `Job ${textOf(jobName)} failed${times}! Error: ${textOf(error)}`,
    `job_failed:${textOf(jobName)}`,
  );
}

/** A call of another service failed. Counted per service and endpoint. */
export function alertApiError(alerter: Sender, api: string, error: unknown, endpoint = ''): Promise<boolean> {
  const where = endpoint === '' ? textOf(api) : `${textOf(api)} ${textOf(endpoint)}`;
  return alerter.sendAlert('error', `API ${where} failed! Error: ${textOf(error)}`, `api_error:${where}`);
}

/** The disk is nearly full. `usedRatio` 0–1; above 1 it is taken for per cent. */
export function alertDiskSpaceLow(alerter: Sender, usedRatio: number, path = '/'): Promise<boolean> {
  return alerter.sendAlert(
    'warning',
    `Disk space low on ${path}: ${shareOf(usedRatio)} used`,
    `disk_space_low:${path}`,
  );
}

/** Memory is nearly full. `usedRatio` 0–1; above 1 it is taken for per cent. */
export function alertMemoryHigh(alerter: Sender, usedRatio: number): Promise<boolean> {
  return alerter.sendAlert('warning', `Memory high: ${shareOf(usedRatio)} used`, 'memory_high');
}

/** The database failed. */
export function alertDatabaseError(alerter: Sender, error: unknown): Promise<boolean> {
  return alerter.sendAlert('critical', `Database error! Error: ${textOf(error)}`, 'database_error');
}

/** Looks at disk and memory once and alerts when a limit is passed. */
export function checkSystemResources(
  alerter: Pick<OracleAlerter, 'checkSystemResources'>,
  limits?: ResourceLimits,
): Promise<CheckableResources> {
  return alerter.checkSystemResources(limits);
}
