import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@nps/oracle-logger';
import { createSender, type Sender } from '../../src/load/clients.js';
import { createPlan, type PlannedRequest } from '../../src/load/plan.js';
import { createRandom } from '../../src/load/random.js';
import { runLoad } from '../../src/load/run-load.js';
import { startOracleUnderTest } from '../oracle-under-test.js';

const logger = createLogger({ service: 'oracle-load', directory: false, console: false });

function take(plan: Iterator<PlannedRequest>, count: number): readonly PlannedRequest[] {
  return Array.from({ length: count }, () => plan.next().value as PlannedRequest);
}

/** The plan's first requests, without their pauses. */
function* hurried(plan: Iterator<PlannedRequest>, count: number): Generator<PlannedRequest> {
  for (const request of take(plan, count)) yield { ...request, pauseMs: 0 };
}

describe('random', () => {
  it('gives the published stream of mulberry32 for a seed, spread evenly over 0 … 1', () => {
    const random = createRandom(1);
    const values = Array.from({ length: 10_000 }, () => random());
    expect(values[0]).toBeCloseTo(0.6270739405881613, 15);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 1);
  });
});

describe('plan', () => {
  it('is the same for the same seed and another for another', () => {
    expect(take(createPlan(7, 60), 200)).toEqual(take(createPlan(7, 60), 200));
    expect(take(createPlan(7, 60), 20)).not.toEqual(take(createPlan(8, 60), 20));
  });

  it('mixes all operations, and HTTP with gRPC', () => {
    const requests = take(createPlan(1, 60), 2000);
    const count = (operation: string) => requests.filter((request) => request.operation === operation).length;
    expect(new Set(requests.map((request) => request.operation)).size).toBe(7);
    expect(count('GetReading')).toBeGreaterThan(800);
    expect(count('SuggestRange')).toBeLessThan(160);
    const viaHttp = requests.filter((request) => request.via === 'http');
    expect(viaHttp.length).toBeGreaterThan(300);
    expect(viaHttp.every((request) => request.operation === 'GetReading')).toBe(true);
  });

  it('keeps the rate over time and no pause longer than five times the mean', () => {
    const pauses = take(createPlan(1, 120), 5000).map((request) => request.pauseMs);
    const mean = pauses.reduce((sum, pause) => sum + pause, 0) / pauses.length;
    expect(mean / 500).toBeCloseTo(1, 1);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(2500);
  });
});

describe('load', () => {
  it('sends only what a real Oracle answers', async () => {
    const running = await startOracleUnderTest();
    const sender = createSender({ apiUrl: running.apiUrl, grpcAddress: running.grpcAddress, timeoutMs: 10_000 });
    try {
      const plan = hurried(createPlan(3, 60), 40);
      const counts = await runLoad({ plan, sender, logger, signal: new AbortController().signal });
      expect(counts).toEqual({ answered: 40, failed: 0, no_answer: 0, skipped: 0 });
    } finally {
      sender.close();
      await running.stop();
    }
  });

  it('tells failures from an absent Oracle, and survives both', async () => {
    const running = await startOracleUnderTest({ random: () => 0 });
    const sender = createSender({ apiUrl: running.apiUrl, grpcAddress: running.grpcAddress, timeoutMs: 3000 });
    const load = () =>
      runLoad({ plan: hurried(createPlan(3, 60), 15), sender, logger, signal: new AbortController().signal });
    await running.switchFault({ fault: 'errors', ratio: 1 });
    expect(await load()).toMatchObject({ failed: 15, no_answer: 0 });
    await running.switchFault({ fault: 'down' });
    expect(await load()).toMatchObject({ failed: 0, no_answer: 15 });
    await running.stop();
    expect(await load()).toMatchObject({ failed: 0, no_answer: 15 });
    sender.close();
  });

  it('has no more than fifty requests under way; the rest is skipped and counted', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sender: Sender = { send: () => held.then(() => 'answered'), close: () => undefined };
    // Nothing is answered before the whole plan was gone through.
    function* plan() {
      yield* hurried(createPlan(1, 60), 80);
      release();
    }
    const load = runLoad({ plan: plan(), sender, logger, signal: new AbortController().signal });
    expect(await load).toEqual({ answered: 50, failed: 0, no_answer: 0, skipped: 30 });
  });

  it('stops in the middle of a pause', async () => {
    const stopping = new AbortController();
    const sender: Sender = { send: async () => 'answered', close: () => undefined };
    const load = runLoad({ plan: createPlan(1, 1), sender, logger, signal: stopping.signal });
    stopping.abort();
    expect(await load).toMatchObject({ answered: 0 });
  });
});
