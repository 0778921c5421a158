import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { EngineStatus } from '@nps/oracle-alerts';
import { createHeartbeat, isSound, sendBeat } from '../src/heartbeat.js';
import { createFakeClock } from './fake-clock.js';

describe('the outward heartbeat', () => {
  it('beats every interval while all is sound and pauses while it is not', async () => {
    const clock = createFakeClock();
    const beats: number[] = [];
    let sound = true;
    const heartbeat = createHeartbeat(
      { url: 'http://watcher.test', intervalMs: 60_000 },
      {
        clock,
        isSound: () => sound,
        onError: () => undefined,
        send: () => {
          beats.push(clock.monotonicMs() / 1000);
          return Promise.resolve();
        },
      },
    );
    heartbeat.start();
    await clock.advance(130_000);
    sound = false;
    await clock.advance(120_000);
    sound = true;
    await clock.advance(60_000);
    expect(beats).toEqual([60, 120, 300]);
    expect(heartbeat.lastBeatAt()).toBe(clock.wallMs() - 10_000);
    await heartbeat.stop();
  });

  it('is taken by a real watcher, and an answer that is no success is an error', async () => {
    let status = 200;
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('ok');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/beat`;
    const signal = new AbortController().signal;
    await sendBeat(url, signal);
    for (status of [302, 404, 500]) await expect(sendBeat(url, signal)).rejects.toThrow(`HTTP ${status}`);
    expect(asked).toEqual(['/beat', '/beat', '/beat', '/beat']);
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });

  it.each([
    ['a fresh evaluation', {}, true],
    ['no evaluation yet', { lastEvaluationAt: null }, false],
    ['an old evaluation', { lastEvaluationAt: 60_000 }, false],
    ['a stuck outbox', { outboxAgeSeconds: 61 }, false],
    ['being cut off', { network: 'isolated' }, false],
    ['standing by', { role: 'standby', lastEvaluationAt: null }, true],
  ])('takes %s for what it is', (_what, change, sound) => {
    const status = {
      role: 'leader',
      network: 'ok',
      outboxAgeSeconds: 0,
      lastEvaluationAt: 95_000,
      ...change,
    } as EngineStatus;
    expect(isSound(status, 10_000, 100_000)).toBe(sound);
  });
});
