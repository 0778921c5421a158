import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createHealth, defineCheck, type Sidecar, startSidecar } from '../../src/index.js';

const errors: unknown[] = [];
let sidecars: readonly Sidecar[];

beforeAll(async () => {
  const start = (thread: 'worker' | 'main') => {
    const checks = [defineCheck({ name: 'a', run: () => undefined })];
    const health = createHealth({ service: 'oracle', version: '1', checks });
    return startSidecar({ health, thread, port: 0, onError: (error) => errors.push(error) });
  };
  sidecars = await Promise.all([start('worker'), start('main')]);
});

afterAll(() => Promise.all(sidecars.map((sidecar) => sidecar.stop())));

/** Sends bytes, gives back all that was answered; `end` says at once that no more come. */
function send(port: number, bytes: string | Uint8Array, how: 'write' | 'end' = 'write'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket[how](bytes));
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.on('error', () => resolve(answer)).on('close', () => resolve(answer));
  });
}

const request = (line: string, more = '') => `${line}\r\nhost: x\r\nconnection: close\r\n${more}\r\n`;

const requests: readonly (readonly [what: string, bytes: string, status: number])[] = [
  ['a whole URL', request('GET http://oracle:9090/health HTTP/1.1'), 200],
  ['slashes at the end', request('GET /health/// HTTP/1.1'), 200],
  ['HEAD with a query', request('HEAD /livez?x HTTP/1.1'), 200],
  ['odd names to exclude', request('GET /health?exclude=&exclude=,,&exclude=%00&exclude=__proto__ HTTP/1.1'), 200],
  ['a query that is no UTF-8', request('GET /health?verbose=%F0%9F HTTP/1.1'), 200],
  ['HTTP/1.0', 'GET /health HTTP/1.0\r\n\r\n', 200],
  ['OPTIONS', request('OPTIONS /health HTTP/1.1'), 405],
  ['TRACE', request('TRACE /livez HTTP/1.1'), 405],
  ['PROPFIND', request('PROPFIND /readyz HTTP/1.1'), 405],
  [
    'a body in chunks',
    `${request('POST /health HTTP/1.1', 'transfer-encoding: chunked\r\n')}5\r\nhello\r\n0\r\n\r\n`,
    405,
  ],
  ['a path that is no ASCII', request('GET /h\u00e9alth HTTP/1.1'), 400],
  ['a path upwards', request('GET /../../etc/passwd HTTP/1.1'), 404],
  ['a job upwards', request('GET /jobs/stats/%2e%2e%2f HTTP/1.1'), 404],
  ['an upgrade', request('GET /health HTTP/1.1', 'upgrade: websocket\r\n'), 200],
  ['a long credential', request('GET /health HTTP/1.1', `authorization: Bearer ${'x'.repeat(8_000)}\r\n`), 200],
  ['a long Accept', request('GET /health HTTP/1.1', `accept: ${'a/health+json,'.repeat(800)}\r\n`), 200],
  ['slashes without end', request(`GET /${'/'.repeat(15_000)}x HTTP/1.1`), 404],
  ['a path without end', request(`GET /${'y'.repeat(20_000)} HTTP/1.1`), 431],
  ['no host', 'GET /health HTTP/1.1\r\n\r\n', 400],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400],
  ['two lengths', request('GET /health HTTP/1.1', 'content-length: 1\r\ncontent-length: 2\r\n'), 400],
];

describe('a sidecar that is asked oddly', () => {
  it.each(requests)('answers %s on either thread', async (_what, bytes, status) => {
    for (const { port } of sidecars) expect((await send(port, bytes)).slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  });

  it('never answers 500, names a path or dies, whatever bytes come', async () => {
    const word = fc.constantFrom(
      'GET',
      'POST',
      ' ',
      '/health',
      '/metrics',
      '?',
      '%',
      'HTTP/1.1',
      '\r\n',
      'host: x',
      '\r\n\r\n',
      ':',
      '0',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.oneof(word, fc.string()), { maxLength: 20 }).map((words) => words.join('')),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(1), async (sent, which) => {
        const answer = await send(sidecars[which]?.port ?? 0, sent, 'end');
        expect(answer).not.toMatch(/^HTTP\/1.1 5|node:|\.js:|\n\s+at /);
      }),
      { numRuns: 500 },
    );
    for (const { port } of sidecars) expect(await send(port, request('GET /health HTTP/1.1'))).toContain('"healthy"');
    expect(errors).toEqual([]);
  }, 60_000);
});
