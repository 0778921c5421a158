import type { JobsReply } from '../../contract/jobs.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { createLastGood, PAGE_FRESH_MS } from '../last-good.js';

/** Did it run, and was it normal? */
export function createJobsHandler(deps: HandlerDeps): Handler<'jobs'> {
  const readings = createLastGood<Omit<JobsReply, 'recorded'>>(deps, PAGE_FRESH_MS);
  const empty = { jobs: [], runs: [] };
  return async ({ input: { job_name: jobName, limit } }) =>
    ok(
      await readings.read(
        JSON.stringify([jobName, limit]),
        empty,
        async () => (await deps.books?.jobs.load({ jobName, limit })) ?? empty,
      ),
    );
}
