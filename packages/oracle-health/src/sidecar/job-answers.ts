import type { IncomingMessage } from 'node:http';

import { type Answer, jsonReply, problem } from '../endpoints/reply.js';
import { queryOf } from '../endpoints/target.js';
import type { JobSource } from './sources.js';

const maxLimit = 500;

/** `GET /jobs/status?job_name=&limit=`: the newest runs. */
export async function jobStatus(jobs: JobSource | undefined, request: IncomingMessage): Promise<Answer> {
  const query = queryOf(request.url ?? '');
  const jobName = query.get('job_name');
  const limitText = query.get('limit');
  const limit = Number(limitText ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    return problem(400, 'Bad Request', `Expected a whole number from 1 to ${maxLimit} in limit`);
  }
  return read(jobs, (source) => source.status({ limit, ...(jobName ? { jobName } : {}) }));
}

/** `GET /jobs/stats/:job_name`. */
export async function jobStats(jobs: JobSource | undefined, encodedName: string): Promise<Answer> {
  const jobName = decode(encodedName);
  if (jobName === undefined) return problem(400, 'Bad Request', 'The name of the job is not properly encoded');
  return read(jobs, (source) => source.stats(jobName));
}

async function read(jobs: JobSource | undefined, ask: (jobs: JobSource) => Promise<unknown>): Promise<Answer> {
  if (!jobs) return problem(404, 'Not Found', 'This service keeps no job history');
  try {
    return jsonReply(200, await ask(jobs));
  } catch {
    // The cause may hold SQL, hosts or names: it belongs to the service's own log.
    return problem(503, 'Service Unavailable', 'The job history cannot be read now');
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
