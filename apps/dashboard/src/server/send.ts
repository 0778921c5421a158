import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import type { Answer } from './handler.js';

const compress = promisify(gzip);
/** Below this the header of a packet outweighs what is saved. */
const COMPRESS_FROM_BYTES = 1400;

export type Sender = (answer: Answer<unknown>, request: Request, response: Response) => Promise<void>;

/** Sends answers as JSON. The same object asked for again is neither serialised nor compressed again. */
export function createSender(): Sender {
  const texts = new WeakMap<object, Buffer>();
  const packed = new WeakMap<object, Promise<Buffer>>();
  const serialise = (body: unknown): Buffer => {
    if (typeof body !== 'object' || body === null) return Buffer.from(JSON.stringify(body ?? null));
    const bytes = texts.get(body) ?? Buffer.from(JSON.stringify(body));
    texts.set(body, bytes);
    return bytes;
  };
  return async ({ status, body, headers }, request, response) => {
    const bytes = serialise(body);
    response.status(status).set('cache-control', 'no-store').type('application/json').set('vary', 'accept-encoding');
    if (headers !== undefined) response.set(headers);
    if (bytes.length < COMPRESS_FROM_BYTES || !request.acceptsEncodings('gzip')) {
      response.end(bytes);
      return;
    }
    const key = body as object;
    const zipped = packed.get(key) ?? compress(bytes, { level: constants.Z_BEST_SPEED });
    packed.set(key, zipped);
    const small = await zipped;
    response.set('content-encoding', 'gzip').end(small);
  };
}
