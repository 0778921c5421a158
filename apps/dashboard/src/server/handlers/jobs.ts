import type { JobsReply } from '../../contract/jobs.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood } from '../last-good.js';

/** Did it run, and was it normal? */
export function createJobsHandler(deps: HandlerDeps): Handler<'jobs'> {
  const readings = createLastGood<Omit<JobsReply, 'recorded'>>(deps);
  return async ({ input: { job_name: jobName, limit } }) => {
    const empty = { jobs: [], runs: [] };
    const { value, recorded } = await readings.read(
      JSON.stringify([jobName, limit]),
      async () => (await deps.books?.jobs.load({ jobName, limit })) ?? empty,
    );
    return ok({ ...(value ?? empty), recorded });
  };
}
