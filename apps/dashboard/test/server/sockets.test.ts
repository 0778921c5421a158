import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { send } from './request.js';
import { createWorld, type World } from './world.js';

const SOCKETS = 1000;
const ASKED = 200;

describe('a thousand sockets that say almost nothing', () => {
  let world: World;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await world?.remove();
  });

  it('make room for each other, and nobody else waits for them', async () => {
    const port = Number(new URL(world.url).port);
    const alone = await slowestAnswer(world.url);
    const closed = new Set<Socket>();
    for (let turn = 0; turn < SOCKETS; turn += 1) {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('GET /api/status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '),
      );
      socket.on('error', () => undefined);
      socket.once('close', () => closed.add(socket));
      sockets.push(socket);
    }
    const beside = await slowestAnswer(world.url);
    console.info(
      `p99 of ${ASKED} answers: ${beside.toFixed(1)} ms beside ${SOCKETS} slow sockets, ${alone.toFixed(1)} ms alone`,
    );
    // A machine that is busy with other things is slow alone, too.
    expect(beside).toBeLessThan(Math.max(500, 5 * alone));
    // Well before the deadline of a header, which would end them all.
    await waitFor(() => closed.size >= SOCKETS - 256, { timeoutMs: 8000, what: 'the oldest sockets to be let go' });
    expect(closed.size).toBeLessThan(SOCKETS);
  }, 60_000);

  it('do not push out one that was answered and may ask again', async () => {
    const port = Number(new URL(world.url).port);
    const kept = connect(port, '127.0.0.1');
    let answers = '';
    kept.on('data', (chunk) => {
      answers += String(chunk);
    });
    const ask = () => kept.write('GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    const answered = () => answers.split('HTTP/1.1 200 OK').length - 1;
    ask();
    await waitFor(() => answered() === 1);
    let letGo = 0;
    for (let turn = 0; turn < 2 * SOCKETS; turn += 1) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.once('close', () => {
        letGo += 1;
      });
      sockets.push(socket);
    }
    await waitFor(() => letGo >= SOCKETS - 24, { timeoutMs: 10_000, what: 'more than a thousand to be too many' });
    ask();
    await waitFor(() => answered() === 2);
    kept.destroy();
  }, 60_000);

  it('of which one that is served at last is served like any other', async () => {
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.write('GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Slow: ');
    socket.write('x\r\n\r\n');
    await waitFor(() => Buffer.concat(chunks).toString().includes('"healthy"'));
    expect(Buffer.concat(chunks).toString()).toContain('HTTP/1.1 200 OK');
    socket.destroy();
  });
});

/** The p99 of answers asked for one after the other. */
async function slowestAnswer(url: string): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < ASKED; turn += 1) {
    const startedAt = performance.now();
    const { status } = await send(`${url}/api/status`);
    times.push(performance.now() - startedAt);
    expect(status).toBe(200);
  }
  return times.sort((a, b) => a - b).at(Math.ceil(0.99 * ASKED) - 1) ?? Number.NaN;
}

describe('what never becomes a request', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['a header beyond all measure', `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['an expectation that nobody meets', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: tea\r\n\r\n', 417],
    ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 400],
    ['another protocol', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n', 400],
    [
      'two lengths',
      'POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
      400,
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ])('is refused with a problem and the headers of safety: %s', async (_what, text, status) => {
    const world = await createWorld({ env: { DATABASE_URL: '' } });
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => socket.write(text));
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => undefined);
      socket.once('close', () => resolve(Buffer.concat(chunks).toString()));
    });
    await world.remove();
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain("require-trusted-types-for 'script'");
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({
      status,
      detail: expect.any(String),
    });
  });
});
