import type { Notice } from '../contract/index.js';
import { defineNotifier, type HttpAnswer, type NotifierDeps } from '../define-notifier.js';
import { renderPlain, renderTelegramHtml, TELEGRAM_UNITS } from '../messages/render.js';
import type { Delivery } from '../notifier.js';
import { field, judgeAnswer, parseJson, sendCall } from './judge-answer.js';
import { createOptionReader } from './option-reader.js';

interface TelegramOptions {
  readonly token: string;
  readonly chatId: string;
  readonly threadId: string | undefined;
  readonly apiUrl: string;
}

/** Telegram's own guidance: one message a second per chat, twenty a minute per group. */
const PACE = { gapMs: 1000, perMinute: 20 } as const;

/** Telegram Bot API, `sendMessage` in HTML: https://core.telegram.org/bots/api#sendmessage */
export const telegramNotifier = defineNotifier<'telegram', TelegramOptions>({
  kind: 'telegram',
  parseOptions: (value) => {
    const read = createOptionReader(value, ['kind', 'token', 'chatId', 'threadId', 'apiUrl']);
    const options: TelegramOptions = {
      token: read.text('token'),
      chatId: read.text('chatId'),
      threadId: read.optionalText('threadId'),
      apiUrl: read.url('apiUrl', 'https://api.telegram.org'),
    };
    if (options.token !== '' && !/^[\w:-]{3,256}$/.test(options.token))
      read.faults.push('token: expected the form 123456:letters');
    return read.faults.length > 0 ? { faults: read.faults } : { options };
  },
  create: (options, deps) => {
    let chatId = options.chatId;
    return {
      pace: PACE,
      send: async (notice, signal) => {
        const answer = await attempt(options, chatId, notice, 'HTML', signal, deps);
        if (answer.movedTo !== undefined) {
          // A group that became a supergroup has a new id; the old one stays dead.
          chatId = answer.movedTo;
          return (await attempt(options, chatId, notice, 'HTML', signal, deps)).delivery;
        }
        if (!answer.isFormRefused) return answer.delivery;
        return (await attempt(options, chatId, notice, 'plain', signal, deps)).delivery;
      },
    };
  },
});

interface Attempt {
  readonly delivery: Delivery;
  readonly movedTo?: string;
  readonly isFormRefused: boolean;
}

async function attempt(
  options: TelegramOptions,
  chatId: string,
  notice: Notice,
  form: 'HTML' | 'plain',
  signal: AbortSignal,
  deps: NotifierDeps,
): Promise<Attempt> {
  let movedTo: string | undefined;
  let isFormRefused = false;
  const call = {
    method: 'POST',
    url: `${options.apiUrl}/bot${options.token}/sendMessage`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload(options, chatId, notice, form)),
  } as const;
  const delivery = await sendCall(call, signal, deps, (answer) => {
    const body = parseJson(answer.body);
    const moved = field(field(body, 'parameters'), 'migrate_to_chat_id');
    if (typeof moved === 'number' || typeof moved === 'string') movedTo = String(moved);
    isFormRefused = answer.status === 400 && /parse|entit|too long/i.test(textField(body, 'description'));
    return judgeTelegram(answer);
  });
  return { delivery, isFormRefused, ...(movedTo === undefined ? {} : { movedTo }) };
}

function payload(options: TelegramOptions, chatId: string, notice: Notice, form: 'HTML' | 'plain'): object {
  const text = form === 'HTML' ? renderTelegramHtml(notice.message) : renderPlain(notice.message, TELEGRAM_UNITS);
  return {
    chat_id: chatId,
    text,
    ...(form === 'HTML' ? { parse_mode: 'HTML' } : {}),
    link_preview_options: { is_disabled: true },
    ...(options.threadId === undefined ? {} : { message_thread_id: Number(options.threadId) }),
    ...(notice.severity === 'info' ? { disable_notification: true } : {}),
  };
}

function judgeTelegram(answer: HttpAnswer): Delivery {
  const judged = judgeAnswer(answer, ({ body }) => {
    const parsed = parseJson(body);
    if (field(parsed, 'ok') !== true) return null;
    const messageId = field(field(parsed, 'result'), 'message_id');
    return { result: 'delivered', ...(typeof messageId === 'number' ? { messageId: String(messageId) } : {}) };
  });
  if (judged.result !== 'rejected') return judged;
  const description = textField(parseJson(answer.body), 'description');
  return description === '' ? judged : { ...judged, reason: `${judged.reason}: ${description.slice(0, 120)}` };
}

function textField(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}
