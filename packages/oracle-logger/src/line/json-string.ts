import { scanText, traits } from '../redact/scan.js';

/** Characters that JSON allows raw but that steer terminals, hide text or end lines elsewhere: UAX #9, C1, U+2028/9. */
const harmful = /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** A JSON string without any raw control or direction character. */
export function quote(text: string): string {
  return (scanText(text) & traits.escape) === 0 ? `"${text}"` : quoteEscaped(text);
}

/** {@link quote} for a text known to need escapes. */
export function quoteEscaped(text: string): string {
  return JSON.stringify(text).replace(harmful, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The same text. Engines join texts lazily, but whoever looks at a character gets it in one piece, which is joined faster. */
export function inOnePiece(text: string): string {
  text.charCodeAt(0);
  return text;
}
