import type { CheckReport, ErrorClass, HealthReport } from '@nps/oracle-health/contract';

/** What a public answer's closed list of reasons means to the person who is woken by it. */
const WORDS: Readonly<Record<ErrorClass, string>> = {
  AUTH: 'login refused',
  TIMEOUT: 'no answer in time',
  DNS: 'name not found',
  REFUSED: 'connection refused',
  TLS: 'certificate or encryption not accepted',
  RESET: 'connection cut',
  UNREACHABLE: 'no way to its address',
  REDIRECT: 'sends visitors elsewhere',
  HTTP_4XX: 'HTTP 4xx',
  HTTP_5XX: 'HTTP 5xx',
  MALFORMED: 'answer not understood',
  OVERSIZE: 'answer too long',
  EXHAUSTED: 'no connection free',
  RATE_LIMITED: 'asked too often',
  NOT_FOUND: 'not found',
  NOT_SERVING: 'does not serve',
  LOADING: 'still loading',
  READ_ONLY: 'read-only',
  BLOCKED: 'blocked',
  THRESHOLD: 'beyond its limit',
  MISMATCH: 'not the expected answer',
  EXPIRED: 'expired',
  UNKNOWN: 'failing',
};

/** Why a check fails: the service's exact cause where it gives one, else its reason in words. */
export function reasonOf({ detail, error = 'UNKNOWN' }: CheckReport): string {
  return detail ?? WORDS[error] ?? error;
}

/** "database: connection refused for 40 s, ai_api: no answer in time": what fails, why, and for how long by its own clock. */
export function failingChecks({ checks, timestamp }: HealthReport): string {
  return Object.entries(checks)
    .filter(([, check]) => check.status === 'error')
    .map(([name, check]) => `${name}: ${reasonOf(check)}${durationOf(check, timestamp)}`)
    .join(', ');
}

function durationOf({ since }: CheckReport, timestamp: string): string {
  const seconds = since === undefined ? 0 : Math.round((Date.parse(timestamp) - Date.parse(since)) / 1000);
  if (!(seconds >= 1)) return '';
  if (seconds < 120) return ` for ${seconds} s`;
  return seconds < 7200 ? ` for ${Math.round(seconds / 60)} min` : ` for ${Math.round(seconds / 3600)} h`;
}
