import type { HttpAnswer, HttpCall, NotifierDeps } from '../define-notifier.js';
import type { Delivery } from '../notifier.js';
import { requestByAxios } from './http-request.js';

/** Longest wait a channel can ask for that is believed. */
const LONGEST_WAIT_MS = 3_600_000;

/** Sends and turns a missing answer into `retry`. */
export async function sendCall(
  call: HttpCall,
  signal: AbortSignal,
  deps: NotifierDeps,
  judge: (answer: HttpAnswer) => Delivery,
): Promise<Delivery> {
  let answer: HttpAnswer;
  try {
    answer = await (deps.request ?? requestByAxios)(call, signal);
  } catch (error) {
    return { result: 'retry', reason: error instanceof Error ? error.message.slice(0, 200) : 'request failed' };
  }
  return judge(answer);
}

/**
 * What a status means: 2xx is up to `accepted`, 429 and 5xx and 408/425 may be tried again, everything else is final.
 * A 2xx that is not the channel's own answer (a captive portal) is no delivery.
 */
export function judgeAnswer(answer: HttpAnswer, accepted: (answer: HttpAnswer) => Delivery | null): Delivery {
  const { status } = answer;
  if (status >= 200 && status < 300)
    return accepted(answer) ?? { result: 'retry', reason: `HTTP ${status} without the channel's answer` };
  if (status === 429) {
    const retryAfterMs = retryAfterOf(answer);
    return { result: 'retry', reason: 'HTTP 429', ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  }
  if (status >= 500 || status === 408 || status === 425) return { result: 'retry', reason: `HTTP ${status}` };
  return { result: 'rejected', reason: `HTTP ${status}` };
}

/** Seconds of `Retry-After`, or of Telegram's `parameters.retry_after`, in ms. */
function retryAfterOf(answer: HttpAnswer): number | null {
  const parameters = field(parseJson(answer.body), 'parameters');
  const seconds = Number(field(parameters, 'retry_after') ?? answer.headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : null;
}

/** A JSON text's value; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An own field of something that may be anything. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
