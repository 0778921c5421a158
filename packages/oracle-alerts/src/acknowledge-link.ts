import { createHmac, timingSafeEqual } from 'node:crypto';

/** The outage a link takes over. */
export interface AcknowledgeableAlert {
  readonly key: string;
  readonly incident: number;
}

/** What a genuine token says. */
export interface AcknowledgeClaim extends AcknowledgeableAlert {
  /** Wall clock, in ms. */
  readonly validUntil: number;
}

/** Makes the token of a link; null for a key too long for one. `at`: when the message is made, wall clock, in ms. */
export type SignAcknowledgement = (alert: AcknowledgeableAlert & { readonly at: number }) => string | null;

/** `unknown`: forged, cut, altered, of another secret or another version; which of them is nobody's business. */
export type AcknowledgeReading =
  | { readonly outcome: 'valid' | 'expired'; readonly claim: AcknowledgeClaim }
  | { readonly outcome: 'unknown' };

/** A secret shorter than this could be guessed from one message. */
export const SHORTEST_ACKNOWLEDGE_SECRET = 32;

const VALID_MS = 24 * 3_600_000;
/** A link has to survive every channel beside the dashboard's. */
const LONGEST_TOKEN = 700;
const MAC_BYTES = 32;
const VERSION = 1;
const PAYLOAD = new RegExp(`^${VERSION} (\\d{1,10}) (\\d{1,12}) (.+)$`, 's');

/** base64url of `version incident expiry key` and its HMAC-SHA256. The same message has the same token. */
export function createAcknowledgeSigner(secret: string): SignAcknowledgement {
  return ({ key, incident, at }) => {
    const payload = Buffer.from(`${VERSION} ${incident} ${Math.floor((at + VALID_MS) / 1000)} ${key}`);
    const token = Buffer.concat([payload, macOf(secret, payload)]).toString('base64url');
    return token.length > LONGEST_TOKEN ? null : token;
  };
}

/** Reads a token from outside. The comparison takes the same time however much of it is right. */
export function readAcknowledgeToken(secret: string, token: string, nowMs: number): AcknowledgeReading {
  if (token.length > LONGEST_TOKEN) return { outcome: 'unknown' };
  const bytes = Buffer.from(token, 'base64url');
  // What decodes alike and is spelled otherwise is another text: one link has one spelling.
  if (bytes.length <= MAC_BYTES || bytes.toString('base64url') !== token) return { outcome: 'unknown' };
  const payload = bytes.subarray(0, -MAC_BYTES);
  if (!timingSafeEqual(bytes.subarray(-MAC_BYTES), macOf(secret, payload))) return { outcome: 'unknown' };
  const [, incident, seconds, key] = PAYLOAD.exec(payload.toString('utf8')) ?? [];
  if (key === undefined) return { outcome: 'unknown' };
  const claim = { key, incident: Number(incident), validUntil: Number(seconds) * 1000 };
  return { outcome: nowMs < claim.validUntil ? 'valid' : 'expired', claim };
}

/** The first words keep a signature made for anything else by the same secret from being one of a link. */
function macOf(secret: string, payload: Buffer): Buffer {
  return createHmac('sha256', secret).update('acknowledge link\n').update(payload).digest();
}
