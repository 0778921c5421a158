/** One message structure, one renderer per form. Escaping comes last, on text that already fits. Pure. */
import type { Message } from '../contract/index.js';
import { type LayoutLine, layoutMessage, lineText } from './layout.js';

/** Telegram counts UTF-16 units after it has parsed the markup. */
export const TELEGRAM_UNITS = 4096;

/** Plain text: title, fields, links, one a line. */
export function renderPlain(message: Message, maxUnits: number): string {
  const layout = layoutMessage(message, maxUnits);
  return [layout.title, ...layout.lines.map(lineText), ...layout.links.map(lineText)].join('\n');
}

/** Telegram's HTML: bold title; texts that hold an `@` are code, so that nobody is mentioned by an error text. */
export function renderTelegramHtml(message: Message, maxUnits: number = TELEGRAM_UNITS): string {
  const layout = layoutMessage(message, maxUnits);
  const title = layout.title.includes('@') ? code(layout.title) : `<b>${escapeHtml(layout.title)}</b>`;
  return [title, ...layout.lines.map(telegramLine), ...layout.links.map((line) => escapeHtml(lineText(line)))].join(
    '\n',
  );
}

function telegramLine(line: LayoutLine): string {
  const safe = (text: string): string => (text.includes('@') ? code(text) : escapeHtml(text));
  if (line.value === '') return safe(line.label);
  return line.label === '' ? safe(line.value) : `${safe(line.label)}: ${safe(line.value)}`;
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
