import type { IncomingMessage, ServerResponse } from 'node:http';
import { MetricsError } from '../errors.js';
import type { JobMonitor } from './job-monitor.js';

type JobSource = Pick<JobMonitor, 'status' | 'stats'>;
type Answer = { readonly status: number; readonly body: unknown };

const STATS_PATH = /\/jobs\/stats\/([^/]+)\/?$/;
const STATUS_PATH = /\/jobs\/status\/?$/;

/**
 * Answers `GET /jobs/status?job_name=&limit=` (the newest runs) and `GET /jobs/stats/:job_name`. Anything else goes to
 * `next`, or is 404 where there is none.
 */
export function jobEndpoints(jobs: JobSource) {
  return (req: IncomingMessage, res: ServerResponse, next?: () => void): void => {
    const target = (req as { originalUrl?: string }).originalUrl ?? req.url ?? '/';
    const [path = '/', query = ''] = target.split('?', 2);
    const job = STATS_PATH.exec(path)?.[1];
    const reads = req.method === 'GET' || req.method === 'HEAD';
    if (!reads || (job === undefined && !STATUS_PATH.test(path))) {
      if (next === undefined) send(res, problem(404, 'Not found', 'Ask for /jobs/status or /jobs/stats/<job name>.'));
      else next();
      return;
    }
    answer(jobs, job, new URLSearchParams(query)).then(
      (found) => send(res, found),
      (error: unknown) => send(res, failureAnswer(error)),
    );
  };
}

async function answer(jobs: JobSource, job: string | undefined, query: URLSearchParams): Promise<Answer> {
  if (job !== undefined) return { status: 200, body: await jobs.stats(decodeName(job)) };
  const jobName = query.get('job_name');
  const limit = query.get('limit');
  const runs = await jobs.status({
    ...(jobName === null || jobName === '' ? {} : { jobName }),
    ...(limit === null || limit === '' ? {} : { limit: readLimit(limit) }),
  });
  return { status: 200, body: runs };
}

/** Digits alone: `Number` would read `0x10` and `1e2` as well. */
function readLimit(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new MetricsError('INVALID_OPTION', 'limit must be a whole number from 1 to 500.');
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (error) {
    throw new MetricsError('INVALID_OPTION', 'The job name in the path is not well encoded.', { cause: error });
  }
}

/** What the database said stays inside. */
function failureAnswer(error: unknown): Answer {
  if (isInvalidOption(error)) return problem(400, 'Bad request', error.message);
  return problem(503, 'Service unavailable', 'The job history cannot be read now.');
}

/** By its code: the monitor may come from the other module format, whose class is another. */
function isInvalidOption(error: unknown): error is MetricsError {
  return error instanceof Error && 'code' in error && error.code === 'INVALID_OPTION';
}

/** RFC 9457 */
function problem(status: number, title: string, detail: string): Answer {
  return { status, body: { type: 'about:blank', title, status, detail } };
}

function send(res: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  res.statusCode = status;
  res.setHeader('Content-Type', status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json');
  res.setHeader('Cache-Control', 'no-store');
  res.end(text);
}
