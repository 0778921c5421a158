/** One line for each thing that a service or job wants to be told about. */
import { formatValue } from '../messages/format-value.js';
import { type OracleAlerter } from './oracle-alerter.js';
import { type CheckableResources, type ResourceLimits } from './system-resources.js';

type Sender = Pick<OracleAlerter, 'sendAlert'>;

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A job failed. Counted by the cooldown per job. */
export function alertJobFailed(alerter: Sender, jobName: string, error: unknown, failures = 1): Promise<boolean> {
  const times = failures > 1 ? ` ${failures} times in a row` : '';
  return alerter.sendAlert('error', `Job ${jobName} failed${times}! Error: ${textOf(error)}`, `job_failed:${jobName}`);
}

/** A call of another service failed. Counted per service and endpoint. */
export function alertApiError(alerter: Sender, api: string, error: unknown, endpoint = ''): Promise<boolean> {
  const where = endpoint === '' ? api : `${api} ${endpoint}`;
  return alerter.sendAlert('error', `API ${where} failed! Error: ${textOf(error)}`, `api_error:${where}`);
}

/** The disk is nearly full. `usedRatio` 0–1. */
export function alertDiskSpaceLow(alerter: Sender, usedRatio: number, path = '/'): Promise<boolean> {
  return alerter.sendAlert(
    'warning',
    `Disk space low on ${path}: ${formatValue(usedRatio, 'ratio')} used`,
    `disk_space_low:${path}`,
  );
}

/** Memory is nearly full. `usedRatio` 0–1. */
export function alertMemoryHigh(alerter: Sender, usedRatio: number): Promise<boolean> {
  return alerter.sendAlert('warning', `Memory high: ${formatValue(usedRatio, 'ratio')} used`, 'memory_high');
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
