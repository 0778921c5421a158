import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { probe } from '../../src/client/index.js';
import { createFrameGuard } from '../../src/connection/postgres-frames.js';
import { startTcpPeer } from '../peers/tcp-peer.js';

function message(type: string, body: Uint8Array | string): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, Buffer.from(body as string)]);
}

const signIn = Buffer.concat([
  message('R', '\0\0\0\x0aSCRAM-SHA-256\0\0'),
  message('R', '\0\0\0\0'),
  message('S', 'server_version\x0018.4\0'),
  message('K', '\0\0\0\x01\0\0\0\x02'),
  message('Z', 'I'),
  message('T', `\0\x01one\0${'\0'.repeat(18)}`),
  message('D', '\0\x01\0\0\0\x011'),
  message('C', 'SELECT 1\0'),
]);

describe('createFrameGuard', () => {
  it('lets a sign-in and a row through, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 }), (sizes) => {
        const isSound = createFrameGuard();
        let offset = 0;
        for (const size of sizes) {
          expect(isSound(signIn.subarray(offset, offset + size))).toBe(true);
          offset += size;
        }
      }),
    );
  });

  it.each([
    ['an error whose text never ends', message('E', 'SFATAL')],
    ['an error that ends but once', message('E', 'SFATAL\0')],
    ['a status without its value', message('S', 'a\0')],
    ['a column whose name never ends', message('T', '\0\x01one')],
    ['fewer columns than announced', message('T', `\xff\xffone\0${'\0'.repeat(18)}`)],
    ['a list of mechanisms that never ends', message('R', '\0\0\0\x0aSCRAM')],
    ['a notification', message('A', '\0\0\0\x01a\0b\0')],
    ['another protocol', Buffer.from('HTTP/1.1 200 OK\r\n')],
    ['a length that is none', Buffer.from([0x52, 0, 0, 0, 1])],
    ['too much', Buffer.concat(Array.from({ length: 9_000 }, () => message('R', '\0\0\0\0')))],
  ])('stops %s', (_what, bytes) => {
    expect(createFrameGuard()(bytes)).toBe(false);
  });

  it('keeps a hostile server from ending or stopping the process', async () => {
    let bytes: Uint8Array = new Uint8Array();
    const peer = await startTcpPeer((socket) => socket.on('data', () => socket.write(bytes)));
    const frame = fc
      .tuple(
        fc.constantFrom(...'RSKZTDCENAGHWcnst12Iv'.split('')),
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom('', '\0', '\0\0'),
      )
      .map(([type, body, end]) => message(type, Buffer.concat([body, Buffer.from(end)])));
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 4 }), async (frames) => {
        bytes = Buffer.concat(frames);
        const url = `postgres://u:p@127.0.0.1:${peer.port}/x`;
        const result = await probe({ name: 'x', kind: 'postgres', url, timeoutMs: 100 });
        expect(result.outcome).toBe('failure');
      }),
      { numRuns: 150 },
    );
    await peer.stop();
  }, 60_000);
});
