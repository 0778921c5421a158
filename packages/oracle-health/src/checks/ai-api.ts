import { type Check, type CheckOutcome, defineCheck } from '../check.js';
import { httpExchange, parseHttpUrl } from '../connection/http-exchange.js';
import { judgeStatus } from './http.js';
import { checkSettings, contextFor, type NetworkSettings } from './settings.js';

/** Real calls of the last minutes, as the service's own metrics count them. */
export interface RecentCalls {
  readonly operations: number;
  readonly errors: number;
}

/** Settings of {@link aiApiCheck}. */
export interface AiApiCheckOptions extends NetworkSettings {
  /** Without one the check is `skipped`. */
  readonly apiKey?: string | undefined;
  /** Default `https://api.anthropic.com`. */
  readonly baseUrl?: string | undefined;
  /** The service's real calls of the last five minutes: when there are some, they answer and nothing is sent. */
  readonly recentCalls?: () => RecentCalls | undefined;
  /** Ask for a completion of one token instead of the free list of models. This costs money. */
  readonly paidCompletion?: { readonly model: string };
}

const defaultBaseUrl = 'https://api.anthropic.com';
// The version header every request needs: https://docs.anthropic.com/en/api/versioning
const apiVersion = '2023-06-01';
// Fewer real calls than this say too little.
const minRecentCalls = 5;
const warningRatio = 0.1;
const errorRatio = 0.5;

/**
 * An Anthropic-style AI API, without spending anything: first the service's own recent calls, else the free list of
 * models, at most once a minute. 401, 403 and 404 are errors, 429 is a warning (reachable), no key means `skipped`.
 * Called `ai_api`; critical.
 */
export function aiApiCheck(options: AiApiCheckOptions = {}): Check {
  const { recentCalls } = options;
  // Files of secrets end with a line break.
  const apiKey = options.apiKey?.trim();
  const baseUrl = parseHttpUrl(options.baseUrl || defaultBaseUrl).href.replace(/\/+$/, '');
  const contextOf = contextFor(options);
  const fallback = { name: 'ai_api', timeoutMs: 1_500, intervalMs: 60_000, minIntervalMs: 60_000 };
  return defineCheck({
    ...checkSettings(options, fallback),
    async run(signal) {
      if (!apiKey) return { status: 'skipped', detail: 'No API key' };
      const passive = judgeRecent(recentCalls?.());
      if (passive) return passive;
      const answer = await httpExchange(ask(baseUrl, apiKey, options.paidCompletion), contextOf(signal));
      if (answer.status === 429 && /insufficient_quota|credit balance/i.test(answer.body)) {
        return { status: 'error', error: 'EXHAUSTED', detail: 'The account has no quota left' };
      }
      return judgeStatus(answer.status) ?? { status: 'ok' };
    },
  });
}

function ask(baseUrl: string, apiKey: string, paid: AiApiCheckOptions['paidCompletion']) {
  const headers = { 'x-api-key': apiKey, 'anthropic-version': apiVersion, accept: 'application/json' };
  if (!paid) return { url: `${baseUrl}/v1/models?limit=1`, headers, maxBytes: 1024 * 1024 };
  const body = JSON.stringify({ model: paid.model, max_tokens: 1, messages: [{ role: 'user', content: 'ping' }] });
  const jsonHeaders = { ...headers, 'content-type': 'application/json' };
  return { url: `${baseUrl}/v1/messages`, method: 'POST' as const, headers: jsonHeaders, body };
}

function judgeRecent(recent: RecentCalls | undefined): CheckOutcome | undefined {
  if (!recent || !(recent.operations >= minRecentCalls)) return undefined;
  const ratio = recent.errors / recent.operations;
  const measured = { value: Math.round(ratio * 1_000) / 1_000, unit: 'ratio', detail: 'Share of failed recent calls' };
  if (ratio > errorRatio) return { status: 'error', error: 'THRESHOLD', ...measured };
  if (ratio > warningRatio) return { status: 'warning', error: 'THRESHOLD', ...measured };
  return { status: 'ok', ...measured };
}
