import type { JobStatus } from '@nps/oracle-metrics/contract';
import { StatusMark } from './StatusMark.js';
import type { Mark } from './StatusShape.js';

const marks: Readonly<Record<JobStatus, Mark>> = {
  running: 'info',
  success: 'healthy',
  failed: 'down',
  lost: 'degraded',
};

/** How a run of a job ended. */
export function JobMark({ status }: { readonly status: JobStatus | null }) {
  return status === null ? <span className="dim">–</span> : <StatusMark mark={marks[status]} word={status} />;
}
