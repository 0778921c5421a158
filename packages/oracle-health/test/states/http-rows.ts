import { gzipSync } from 'node:zlib';

import { aiApiCheck, httpCheck, telegramCheck } from '../../src/index.js';
import { closedPort, halfClose, hang, reply, reset, trickle } from '../peers/tcp-peer.js';
import { limits, none, onHttp, onTcp, password, path, type Row, status, user } from './scene.js';

const http = (url: string) => httpCheck({ url: `${url.replace('//', `//${user}:${password}@`)}${path}`, ...limits });
const ai = (baseUrl: string) => aiApiCheck({ baseUrl, apiKey: password, ...limits });
const telegram = (baseUrl: string) => telegramCheck({ baseUrl, token: `12345:${password}`, ...limits });

const onRaw = (text: string) => onTcp(reply(text), (port) => http(`http://127.0.0.1:${port}`));

/** HTTP. */
export const httpRows: readonly Row[] = [
  ['http', '200', 'ok', () => onHttp(status(200), http)],
  [
    'http',
    '301',
    'error REDIRECT',
    () => onHttp(status(301, '', { location: `http://${user}@elsewhere${path}` }), http),
  ],
  ['http', '401', 'error AUTH', () => onHttp(status(401), http)],
  ['http', '404', 'error HTTP_4XX', () => onHttp(status(404), http)],
  ['http', '429', 'warning RATE_LIMITED', () => onHttp(status(429), http)],
  ['http', '500 with a stack trace', 'error HTTP_5XX', () => onHttp(status(500, `Error at ${path}`), http)],
  [
    'http',
    'expected 204, got 200',
    'error MISMATCH',
    () => onHttp(status(200), (url) => httpCheck({ url, expectStatus: 204, ...limits })),
  ],
  [
    'http',
    'expected 404, got it',
    'ok',
    () => onHttp(status(404), (url) => httpCheck({ url, expectStatus: 404, ...limits })),
  ],
  [
    'http',
    'expected text found',
    'ok',
    () => onHttp(status(200, 'NPS ready'), (url) => httpCheck({ url, bodyMatch: /ready/g, ...limits })),
  ],
  [
    'http',
    'expected text missing',
    'error MISMATCH',
    () => onHttp(status(200, 'nginx default page'), (url) => httpCheck({ url, bodyMatch: 'NPS', ...limits })),
  ],
  [
    'http',
    'compressed answer',
    'ok',
    () =>
      onHttp(status(200, gzipSync('NPS'), { 'content-encoding': 'gzip' }), (url) =>
        httpCheck({ url, bodyMatch: 'NPS', ...limits }),
      ),
  ],
  [
    'http',
    'decompression bomb',
    'error OVERSIZE',
    () => onHttp(status(200, gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }), http),
  ],
  [
    'http',
    'broken compression',
    'error MALFORMED',
    () => onHttp(status(200, 'not gzip at all', { 'content-encoding': 'gzip' }), http),
  ],
  [
    'http',
    'unknown compression',
    'error MALFORMED',
    () => onHttp(status(200, 'x', { 'content-encoding': 'zstd' }), http),
  ],
  ['http', 'too long', 'error OVERSIZE', () => onHttp(status(200, 'x'.repeat(70_000)), http)],
  [
    'http',
    'endless header',
    'error OVERSIZE',
    () => onTcp(reply(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`), (port) => http(`http://127.0.0.1:${port}`)),
  ],
  [
    'http',
    'not HTTP',
    'error MALFORMED',
    () => onTcp(reply('SSH-2.0-OpenSSH_9.2\r\n'), (port) => http(`http://127.0.0.1:${port}`)),
  ],
  ['http', 'hangs', 'error TIMEOUT', () => onTcp(hang, (port) => http(`http://127.0.0.1:${port}`))],
  [
    'http',
    'trickles its body',
    'error TIMEOUT',
    () =>
      onTcp(trickle('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n'), (port) => http(`http://127.0.0.1:${port}`)),
  ],
  ['http', 'resets', 'error RESET', () => onTcp(reset, (port) => http(`http://127.0.0.1:${port}`))],
  [
    'http',
    'closes within the body',
    'error RESET',
    () =>
      onTcp(reply('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'), (port) => http(`http://127.0.0.1:${port}`)),
  ],
  [
    'http',
    'closes its side at once',
    'error RESET',
    () => onTcp(halfClose, (port) => http(`http://127.0.0.1:${port}`)),
  ],
  ['http', 'HTTP/1.0 without a length', 'ok', () => onRaw('HTTP/1.0 200 OK\r\n\r\nNPS')],
  [
    'http',
    'early hints first',
    'ok',
    () => onRaw('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
  ],
  [
    'http',
    'changes the protocol',
    'error RESET',
    () => onRaw('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  ],
  ['http', 'broken chunks', 'error RESET', () => onRaw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n')],
  [
    'http',
    'two lengths that differ',
    'error MALFORMED',
    () => onRaw('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
  ],
  [
    'http',
    'a status that does not exist',
    'error MALFORMED',
    () => onRaw('HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n'),
  ],
  [
    'http',
    'cut compression',
    'error MALFORMED',
    () => onHttp(status(200, gzipSync('x'.repeat(999)).subarray(0, 20), { 'content-encoding': 'gzip' }), http),
  ],
  [
    'http',
    'trickles its headers',
    'error TIMEOUT',
    () => onTcp(trickle('HTTP/1.1 200 OK\r\nx: '), (port) => http(`http://127.0.0.1:${port}`)),
  ],
  [
    'http',
    'resets within the body',
    'error RESET',
    () =>
      onTcp(
        (socket) =>
          socket.once('data', () =>
            socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', () => socket.resetAndDestroy()),
          ),
        (port) => http(`http://127.0.0.1:${port}`),
      ),
  ],
  ['http', 'refused', 'error REFUSED', async () => none(http(`http://127.0.0.1:${await closedPort()}`))],
  ['http', 'metadata service', 'error UNREACHABLE', () => none(http('http://169.254.169.254'))],
  [
    'https',
    'plain HTTP behind it',
    'error TLS',
    () => onHttp(status(200), (url) => http(url.replace('http:', 'https:'))),
  ],
];

/** APIs over HTTP. */
export const apiRows: readonly Row[] = [
  ['ai', 'no key', 'skipped', () => none(aiApiCheck({ baseUrl: 'http://127.0.0.1:1' }))],
  ['ai', 'answers', 'ok', () => onHttp(status(200, '{"data":[]}'), ai)],
  ['ai', '401', 'error AUTH', () => onHttp(status(401), ai)],
  ['ai', '403', 'error AUTH', () => onHttp(status(403), ai)],
  ['ai', '404', 'error HTTP_4XX', () => onHttp(status(404), ai)],
  ['ai', '429', 'warning RATE_LIMITED', () => onHttp(status(429), ai)],
  [
    'ai',
    '429 because the quota is used up',
    'error EXHAUSTED',
    () => onHttp(status(429, '{"error":{"code":"insufficient_quota"}}'), ai),
  ],
  ['ai', '529 overloaded', 'error HTTP_5XX', () => onHttp(status(529), ai)],
  ['telegram', 'no token', 'skipped', () => none(telegramCheck())],
  ['telegram', 'answers', 'ok', () => onHttp(status(200, '{"ok":true}'), telegram)],
  ['telegram', 'bot unknown', 'error AUTH', () => onHttp(status(404, '{"ok":false}'), telegram)],
  ['telegram', '401', 'error AUTH', () => onHttp(status(401), telegram)],
  ['telegram', '429', 'warning RATE_LIMITED', () => onHttp(status(429), telegram)],
  ['telegram', 'captive portal', 'error MALFORMED', () => onHttp(status(200, '<html>sign in</html>'), telegram)],
  ['telegram', 'not ok', 'error MALFORMED', () => onHttp(status(200, '{"ok":false}'), telegram)],
];
