import type { Message } from '../contract/index.js';
import { defineNotifier } from '../define-notifier.js';
import { layoutMessage, lineText } from '../messages/layout.js';
import { renderPlain } from '../messages/render.js';
import { judgeAnswer, sendCall } from './judge-answer.js';
import { createOptionReader } from './option-reader.js';

interface SlackOptions {
  readonly url: string;
}

/** Limits of Block Kit: https://docs.slack.dev/reference/block-kit/blocks */
const SECTION_UNITS = 3000;
/** The whole message: Slack answers `msg_blocks_too_long` from about 13,200 on. */
const MESSAGE_UNITS = 9000;
const PLAIN_UNITS = 3000;

/** A Slack incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slackNotifier = defineNotifier<'slack', SlackOptions>({
  kind: 'slack',
  parseOptions: (value) => {
    const read = createOptionReader(value, ['kind', 'url']);
    const options: SlackOptions = { url: read.url('url') };
    return read.faults.length > 0 ? { faults: read.faults } : { options };
  },
  create: (options, deps) => ({
    pace: { gapMs: 1000 },
    send: async (notice, signal) => {
      const send = (payload: object): ReturnType<typeof sendCall> =>
        sendCall(
          {
            method: 'POST',
            url: options.url,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(payload),
          },
          signal,
          deps,
          (answer) => judgeAnswer(answer, ({ body }) => (body.trim() === 'ok' ? { result: 'delivered' } : null)),
        );
      const delivery = await send(renderSlack(notice.message));
      // 400 is about the form (invalid_blocks, invalid_payload …): the second try has none.
      if (delivery.result !== 'rejected' || delivery.reason !== 'HTTP 400') return delivery;
      return send({ text: escapeSlack(renderPlain(notice.message, PLAIN_UNITS)) });
    },
  }),
});

/** Blocks for the message, plain text for notifications. Nothing from outside becomes a mention, link or emoji. */
export function renderSlack(message: Message): object {
  const layout = layoutMessage(message, MESSAGE_UNITS);
  const lines = [...layout.lines, ...layout.links].map((line) => escapeSlack(lineText(line)));
  const sections = [`*${escapeSlack(layout.title)}*`, ...packed(lines)];
  return {
    text: escapeSlack(renderPlain(message, PLAIN_UNITS)),
    blocks: sections.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })),
  };
}

/** Slack's three-part escape: https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeSlack(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Joins lines into as few texts of a section's size as there must be; an escaped line may need several. */
function packed(lines: readonly string[]): readonly string[] {
  const texts: string[] = [];
  for (const line of lines.flatMap(pieces)) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= SECTION_UNITS)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts;
}

/** Cuts a long escaped line where it breaks neither an entity nor a character. */
function pieces(line: string): readonly string[] {
  const found: string[] = [];
  let rest = line;
  while (rest.length > SECTION_UNITS) {
    const head = rest.slice(0, SECTION_UNITS).replace(/(?:&[a-z]{0,3}|[\ud800-\udbff])$/, '');
    found.push(head);
    rest = rest.slice(head.length);
  }
  return [...found, rest];
}
