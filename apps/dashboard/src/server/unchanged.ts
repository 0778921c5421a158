import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The tag of a content, weak because its compressed and its plain form are the same reply (RFC 9110, 8.8.3). Pure. */
export function etagOf(bytes: Buffer): string {
  return `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
}

/** Whether the asker has this content already (RFC 9110, 13.1.2). Pure. */
export function isUnchanged({ headers }: Pick<IncomingMessage, 'headers'>, etag: string): boolean {
  const tags = headers['if-none-match'];
  if (tags === undefined) return false;
  return tags.trim() === '*' || tags.split(',').some((tag) => opaque(tag) === opaque(etag));
}

function opaque(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}
