import { type Check, type CheckOutcome, defineCheck } from '../check.js';
import { httpExchange, parseHttpUrl } from '../connection/http-exchange.js';
import { judgeStatus } from './http.js';
import { checkSettings, contextFor, type NetworkSettings } from './settings.js';

/** Settings of {@link telegramCheck}. */
export interface TelegramCheckOptions extends NetworkSettings {
  /** The bot's token; without one the check is `skipped`. */
  readonly token?: string | undefined;
  /** Default `https://api.telegram.org`. */
  readonly baseUrl?: string | undefined;
}

/** Telegram's Bot API knows the bot (`getMe`), asked at most once a minute. Called `telegram`; optional. */
export function telegramCheck(options: TelegramCheckOptions = {}): Check {
  // Files of secrets end with a line break.
  const token = options.token?.trim();
  const baseUrl = parseHttpUrl(options.baseUrl || 'https://api.telegram.org').href.replace(/\/+$/, '');
  const contextOf = contextFor(options);
  const fallback = { name: 'telegram', critical: false, timeoutMs: 1_500, intervalMs: 60_000, minIntervalMs: 60_000 };
  return defineCheck({
    ...checkSettings(options, fallback),
    async run(signal) {
      if (!token) return { status: 'skipped', detail: 'No bot token' };
      // The token is part of the path: nothing below may repeat the url.
      const url = `${baseUrl}/bot${encodeURIComponent(token).replaceAll('%3A', ':')}/getMe`;
      const answer = await httpExchange({ url }, contextOf(signal));
      // An unknown or malformed token is answered with 401 or 404.
      if (answer.status === 404) return { status: 'error', error: 'AUTH', detail: 'Telegram does not know this bot' };
      return judgeStatus(answer.status) ?? judgeBody(answer.body);
    },
  });
}

function judgeBody(body: string): CheckOutcome {
  try {
    const answer = JSON.parse(body) as { ok?: unknown } | null;
    if (answer?.ok === true) return { status: 'ok' };
  } catch {
    // Not JSON: the same answer as JSON of another shape.
  }
  return { status: 'error', error: 'MALFORMED', detail: 'Expected {"ok":true} from getMe' };
}
