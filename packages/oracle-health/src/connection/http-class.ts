import type { ErrorClass } from '../contract/index.js';

/** What an HTTP status means to an operator; `undefined` for 2xx. */
export function classOfHttpStatus(status: number): ErrorClass | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 401 || status === 403 || status === 407) return 'AUTH';
  if (status === 429) return 'RATE_LIMITED';
  if (status >= 300 && status < 400) return 'REDIRECT';
  if (status >= 400 && status < 500) return 'HTTP_4XX';
  if (status >= 500 && status < 600) return 'HTTP_5XX';
  return 'MALFORMED';
}
