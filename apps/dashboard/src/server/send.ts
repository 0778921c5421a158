import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { Answer } from './handler.js';
import { etagOf, isUnchanged } from './unchanged.js';

const compress = promisify(gzip);
/** Below this the header of a packet outweighs what is saved. */
const COMPRESS_FROM_BYTES = 1400;

export type Sender = (answer: Answer<unknown>, request: Request, response: Response) => Promise<void>;

/** A reply as bytes; its compressed form is made when it is first asked for. */
interface Packed {
  readonly bytes: Buffer;
  readonly etag: string;
  gzip?: Promise<Buffer>;
}

/** Sends answers as JSON. The same object asked for again is neither serialised nor hashed nor compressed again. */
export function createSender(): Sender {
  const known = new WeakMap<object, Packed>();
  const pack = (body: unknown): Packed => {
    if (typeof body !== 'object' || body === null) return packBytes(body ?? null);
    const packed = known.get(body) ?? packBytes(body);
    known.set(body, packed);
    return packed;
  };
  return async ({ status, body, headers }, request, response) => {
    const packed = pack(body);
    response.status(status).type('application/json').set('vary', 'accept-encoding, authorization, cookie');
    if (request.method === 'GET' && status === 200 && headers?.['set-cookie'] === undefined) {
      // Kept by the reader's own browser only, and never shown without asking whether it is still so.
      response.set({ 'cache-control': 'private, no-cache', etag: packed.etag });
      if (isUnchanged(request, packed.etag)) {
        response.status(304).end();
        return;
      }
    } else response.set('cache-control', 'no-store');
    if (headers !== undefined) response.set(headers);
    if (packed.bytes.length < COMPRESS_FROM_BYTES || !request.acceptsEncodings('gzip')) {
      response.end(packed.bytes);
      return;
    }
    packed.gzip ??= compress(packed.bytes, { level: constants.Z_BEST_SPEED });
    const small = await packed.gzip;
    response.set('content-encoding', 'gzip').end(small);
  };
}

function packBytes(body: unknown): Packed {
  const bytes = Buffer.from(JSON.stringify(body));
  return { bytes, etag: etagOf(bytes) };
}
