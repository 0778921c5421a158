import { type Check, type CheckOutcome, defineCheck } from '../check.js';
import { classOfHttpStatus } from '../connection/http-class.js';
import { httpExchange, parseHttpUrl } from '../connection/http-exchange.js';
import { checkSettings, contextFor, type NetworkSettings } from './settings.js';

/** Settings of {@link httpCheck}. */
export interface HttpCheckOptions extends NetworkSettings {
  readonly url: string;
  /** The one status that is good. Default: every 2xx. */
  readonly expectStatus?: number;
  /** What the body must contain. */
  readonly bodyMatch?: string | RegExp;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP endpoint answers in time, with the right status and, if asked for, the right text. Called `http`; critical. */
export function httpCheck(options: HttpCheckOptions): Check {
  parseHttpUrl(options.url);
  const { url, expectStatus, bodyMatch, headers } = options;
  const contextOf = contextFor(options);
  return defineCheck({
    ...checkSettings(options, { name: 'http' }),
    async run(signal) {
      const answer = await httpExchange({ url, ...(headers ? { headers } : {}) }, contextOf(signal));
      const wrongStatus = judgeStatus(answer.status, expectStatus);
      if (wrongStatus) return wrongStatus;
      if (bodyMatch === undefined || contains(answer.body, bodyMatch)) return { status: 'ok' };
      return { status: 'error', error: 'MISMATCH', detail: 'The body does not contain the expected text' };
    },
  });
}

/** The outcome of a status that is not good; 429 means reachable, so it only warns. */
export function judgeStatus(status: number, expectStatus?: number): CheckOutcome | undefined {
  if (expectStatus === status) return undefined;
  const detail = `Answered with HTTP status ${status}`;
  const error = classOfHttpStatus(status) ?? (expectStatus === undefined ? undefined : 'MISMATCH');
  if (error === undefined) return undefined;
  return { status: error === 'RATE_LIMITED' ? 'warning' : 'error', error, detail };
}

function contains(body: string, expected: string | RegExp): boolean {
  return typeof expected === 'string'
    ? body.includes(expected)
    : new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).test(body);
}
