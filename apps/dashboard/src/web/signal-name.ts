import type { RuleSetting } from '../contract/settings.js';
import { formatSignal } from './signal-value.js';

const names: Readonly<Record<string, string>> = {
  reading_seconds: 'a reading takes',
  reading_p95_seconds: 'p95 of readings',
  disk_used_ratio: 'disk used',
  memory_used_ratio: 'memory used',
  job_consecutive_failures: 'failures of a job in a row',
  certificate_days_left: 'days a certificate has left',
  ai_cost_usd_today: 'AI cost today',
};

/** Signals that are yes or no: what it means that their rule fires. */
const states: Readonly<Record<string, string>> = {
  up: 'it does not answer, or says it is down',
  degraded: 'it says it is degraded',
  dependency_up: 'a dependency fails',
  job_missed: 'a job did not run when it should',
};

type Judged = Pick<RuleSetting, 'signal' | 'over' | 'comparison' | 'threshold' | 'unit'>;

/** When a rule fires, for people; a signal that is not ours keeps its name. Pure. */
export function firesWhen({ signal, over, comparison, threshold, unit }: Judged): string {
  const state = unit === 'state' ? states[signal] : undefined;
  if (state !== undefined) return state;
  const name = names[signal] ?? signal;
  const whole =
    signal === 'errors' && over === 'operations' ? 'error rate' : over === null ? name : `${name} ÷ ${over}`;
  return `${whole} ${comparison} ${formatSignal(threshold, unit)}`;
}
