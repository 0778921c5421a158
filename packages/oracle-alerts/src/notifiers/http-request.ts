import axios from 'axios';
import type { HttpRequest } from '../define-notifier.js';

/** What a channel answers is short; more is not read. */
const ANSWER_BYTES = 64 * 1024;

/**
 * HTTP through axios: no redirects, every status is an answer, sizes capped, the deadline is the signal's.
 * The error of a request that got no answer carries the error's code alone: URLs hold tokens.
 */
export const requestByAxios: HttpRequest = async (call, signal) => {
  try {
    const answer = await axios.request<string>({
      method: call.method,
      url: call.url,
      headers: { ...call.headers },
      data: call.body,
      signal,
      maxRedirects: 0,
      maxContentLength: ANSWER_BYTES,
      maxBodyLength: 1024 * 1024,
      responseType: 'text',
      transformResponse: (text: unknown) => text,
      transformRequest: (text: unknown) => text,
      validateStatus: () => true,
    });
    const headers = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
    return { status: answer.status, headers: Object.fromEntries(headers), body: answer.data ?? '' };
  } catch (error) {
    // No cause: axios keeps the whole request, token included, on its errors.
    // oxlint-disable-next-line preserve-caught-error
    throw new Error(signal.aborted ? 'no answer in time' : wordOf(error));
  }
};

function wordOf(error: unknown): string {
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code) ? code : 'request failed';
}
