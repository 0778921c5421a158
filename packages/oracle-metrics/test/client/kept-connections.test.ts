import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createKeptConnections, type KeptConnections, scrape } from '../../src/client/index.js';

let server: Server;
let kept: KeptConnections;
let opened = 0;

async function serve(listener: RequestListener, maxAgeMs?: number): Promise<{ readonly url: string }> {
  server = createServer({ keepAliveTimeout: 60_000 }, listener);
  kept = createKeptConnections(maxAgeMs);
  opened = 0;
  server.on('connection', () => {
    opened += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/metrics` };
}

afterEach(async () => {
  kept.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const visit = (url: string) => scrape({ url, kind: 'prometheus', timeoutMs: 500 }, { connections: kept });
const sleep = (ms: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

describe('kept connections', () => {
  it('serve one scrape after the other, and no longer than their age', async () => {
    const { url } = await serve((_request, response) => response.end('up 1\n'), 200);
    for (let scrapes = 0; scrapes < 3; scrapes += 1) expect(await visit(url)).toMatchObject({ outcome: 'samples' });
    expect(opened).toBe(1);
    await sleep(250);
    // The one that finds it too old is its last.
    await visit(url);
    await visit(url);
    expect(opened).toBe(2);
  });

  it('open one of its own for every scrape of the same moment', async () => {
    const { url } = await serve((_request, response) => void setTimeout(() => response.end('up 1\n'), 50));
    await Promise.all([visit(url), visit(url), visit(url)]);
    expect(opened).toBe(3);
  });

  it('ask again on a new one when the other side closes the kept one at that moment', async () => {
    let requests = 0;
    const { url } = await serve((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.resetAndDestroy();
      else response.end('up 1\n');
    });
    expect([(await visit(url)).outcome, (await visit(url)).outcome]).toEqual(['samples', 'samples']);
    expect([requests, opened]).toEqual([3, 2]);
  });

  it('do not hide a target that resets every connection, nor one that is gone', async () => {
    let isSound = true;
    const { url } = await serve((request, response) => {
      if (isSound) response.end('up 1\n');
      else request.socket.resetAndDestroy();
    });
    await visit(url);
    isSound = false;
    expect(await visit(url)).toMatchObject({ outcome: 'failure', reason: 'reset' });
    isSound = true;
    await visit(url);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await visit(url)).toMatchObject({ outcome: 'failure', reason: 'refused' });
  });

  it('are not used again after an answer that came too late', async () => {
    let isLate = false;
    const { url } = await serve(
      (_request, response) => void setTimeout(() => response.end('up 1\n'), isLate ? 800 : 0),
    );
    await visit(url);
    isLate = true;
    expect(await visit(url)).toMatchObject({ outcome: 'failure', reason: 'timeout' });
    isLate = false;
    expect(await visit(url)).toMatchObject({ outcome: 'samples' });
    expect(opened).toBe(2);
  });
});
