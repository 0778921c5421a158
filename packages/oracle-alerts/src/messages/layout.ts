/** Decides what of a message fits, on plain text, before any escaping. Pure. */
import type { Message } from '../contract/index.js';
import { cutText, stripControls } from './clean-text.js';

/** A message cut to its channel's size. */
export interface Layout {
  readonly title: string;
  readonly lines: readonly LayoutLine[];
  readonly links: readonly LayoutLine[];
}

/** One line; `label` may be empty. */
export interface LayoutLine {
  readonly label: string;
  readonly value: string;
}

/** Less of a value than this is not worth a line. */
const SHORTEST_VALUE = 20;
/** Room for "+1000000 more". */
const MORE_UNITS = 20;

/** The message with nothing in any text that a receiver of JSON may refuse. */
export function plainMessage({ title, fields, links, ...rest }: Message): Message {
  return {
    ...rest,
    title: stripControls(title),
    fields: fields.map(({ label, value }) => ({ label: stripControls(label), value: stripControls(value) })),
    links: links.map(({ label, url }) => ({ label: stripControls(label), url: stripControls(url) })),
  };
}

/** One line as plain text. */
export function lineText(line: LayoutLine): string {
  if (line.value === '') return line.label;
  return line.label === '' ? line.value : `${line.label}: ${line.value}`;
}

/**
 * Lays a message out in at most `maxUnits` UTF-16 units. Title first, then links, then the fields in their order: the
 * last fields are cut first, and what is left out is counted. A channel too small for the title gets the title cut.
 */
export function layoutMessage(message: Message, maxUnits: number): Layout {
  const title = cutText(stripControls(message.title), maxUnits);
  let left = maxUnits - title.length;
  const links: LayoutLine[] = [];
  for (const link of message.links) {
    const line = { label: stripControls(link.label), value: stripControls(link.url) };
    const cost = lineText(line).length + 1;
    if (cost > left) continue;
    links.push(line);
    left -= cost;
  }
  return { title, links, lines: fitLines(message, left) };
}

function fitLines(message: Message, units: number): readonly LayoutLine[] {
  const lines: LayoutLine[] = [];
  let left = units - MORE_UNITS;
  for (const [index, field] of message.fields.entries()) {
    const line = { label: stripControls(field.label), value: stripControls(field.value) };
    const cost = lineText(line).length + 1;
    if (cost > left) {
      const room = left - line.label.length - 3;
      if (room >= Math.min(SHORTEST_VALUE, line.value.length)) {
        lines.push({ label: line.label, value: cutText(line.value, room) });
        left = 0;
      }
      const hidden = message.fields.length - (lines.length > index ? index + 1 : index);
      if (hidden > 0 && left + MORE_UNITS >= MORE_UNITS) lines.push({ label: `+${hidden} more`, value: '' });
      break;
    }
    lines.push(line);
    left -= cost;
  }
  return lines;
}
