import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { probe } from '@nps/oracle-health/client';
import { waitFor } from '@nps/testing';
import { createFaults, parseFault } from '../src/faults.js';
import { type OracleUnderTest, startOracleUnderTest } from './oracle-under-test.js';

const READING = { user_id: 'u-1', name: 'Ada', birth_date: '1815-12-10' };
let running: OracleUnderTest;
let dice = 0;

beforeAll(async () => {
  running = await startOracleUnderTest({ random: () => dice });
});

afterEach(() => running.switchFault({ fault: 'none' }));

afterAll(() => running.stop());

describe('faults, seen from outside', () => {
  it('down: /health says down with 503, readings are refused, and all is well afterwards', async () => {
    expect(await running.switchFault({ fault: 'down' })).toBe(200);
    const health = await running.get('/health');
    expect([health.status, health.body['status']]).toEqual([503, 'down']);
    expect(health.body['checks'].service).toMatchObject({ status: 'error', error: 'NOT_SERVING' });
    const refused = await running.post(READING);
    expect([refused.status, refused.body['type']]).toEqual([503, 'urn:nps:problem:service-down']);
    await expect(running.call('GetReading', READING)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    const seen = await probe({ name: 'oracle', kind: 'service', url: running.sidecarUrl });
    expect(seen).toMatchObject({ outcome: 'report', status: 'down' });
    await running.switchFault({ fault: 'none' });
    await waitFor(async () => (await running.get('/health')).status === 200);
    expect((await running.post(READING)).status).toBe(200);
  });

  it('errors: the share hit by the dice fails, and /metrics counts exactly those', async () => {
    const before = (await running.get('/metrics')).body['counters'];
    await running.switchFault({ fault: 'errors', ratio: 0.2 });
    dice = 0.1;
    const failed = await running.post(READING, { 'x-request-id': 'unlucky' });
    expect([failed.status, failed.body['type']]).toEqual([500, 'urn:nps:problem:fault-injected']);
    dice = 0.2;
    for (let turn = 0; turn < 3; turn += 1) expect((await running.post(READING)).status).toBe(200);
    const after = (await running.get('/metrics')).body;
    expect(after['counters'].errors - before.errors).toBe(1);
    expect(after['errors'].by_type.FAULT_INJECTED).toBe(1);
    const line = await waitFor(() =>
      running.logLines().find((entry) => entry['request_id'] === 'unlucky' && entry['action'] === 'GetReading'),
    );
    expect(line).toMatchObject({ level: 'ERROR', error_type: 'FAULT_INJECTED', action: 'GetReading', user_id: 'u-1' });
    expect((await running.get('/health')).body['status']).toBe('healthy');
  });

  it('slow: a reading takes that much longer, and /metrics shows it running and then done', async () => {
    await running.switchFault({ fault: 'slow', delay_ms: 400 });
    const pending = running.post(READING);
    const inFlight = await waitFor(async () => {
      const { body } = await running.get('/metrics');
      return body['in_flight'].find((entry: { operation: string }) => entry.operation === 'reading');
    });
    expect(inFlight.operation).toBe('reading');
    expect((await pending).status).toBe(200);
    const { body } = await running.get('/metrics');
    expect(body['performance'].reading_time.max).toBeGreaterThanOrEqual(400);
  });

  it('slow ends for those who wait when it is switched off', async () => {
    await running.switchFault({ fault: 'slow', delay_ms: 100_000 });
    const pending = running.post(READING);
    await waitFor(async () => (await running.get('/metrics')).body['in_flight'].length > 0);
    await running.switchFault({ fault: 'none' });
    expect((await pending).status).toBe(200);
  });

  it('flapping: down and up in turns', async () => {
    await running.switchFault({ fault: 'flapping', period_ms: 600 });
    const seen = new Set<string>();
    await waitFor(async () => seen.add((await running.get('/health')).body['status']).size === 2);
    expect(seen).toEqual(new Set(['down', 'healthy']));
  });

  it('blocked: the event loop stands still once, and the fault is over by itself', async () => {
    const startedAt = performance.now();
    await running.switchFault({ fault: 'blocked', duration_ms: 700 });
    await waitFor(async () => (await running.get('/faults')).body['fault'] === 'none');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(700);
    // The watch looks every 200 ms: of 700 ms it sees 500, less what its timer is early.
    expect(running.oracle.health.worstLagMs()).toBeGreaterThan(450);
  });

  it('refuses what is no fault and says what would be', async () => {
    expect(await running.switchFault({ fault: 'explode' })).toBe(400);
    expect(await running.switchFault({ fault: 'slow', delay_ms: -1 })).toBe(400);
    expect(await running.switchFault({ fault: 'slow', ratio: 1 })).toBe(400);
    expect((await running.get('/faults')).body).toEqual({ fault: 'none' });
  });
});

describe('the switch', () => {
  it('is not there unless ORACLE_FAULTS is on', async () => {
    const guarded = await startOracleUnderTest({ env: { ORACLE_FAULTS: 'off' }, databaseUrl: running.databaseUrl });
    try {
      expect(await guarded.switchFault({ fault: 'down' })).toBe(404);
      expect((await guarded.get('/faults')).status).toBe(404);
    } finally {
      await guarded.stop();
    }
  });

  it.each([
    [{ fault: 'slow' }, { fault: 'slow', delay_ms: 12_000 }],
    [{ fault: 'errors' }, { fault: 'errors', ratio: 0.2 }],
    [{ fault: 'flapping' }, { fault: 'flapping', period_ms: 7000 }],
    [{ fault: 'blocked' }, { fault: 'blocked', duration_ms: 8000 }],
    [{ fault: 'down' }, { fault: 'down' }],
  ])('fills %j up to %j', (body, expected) => {
    expect(parseFault(body)).toEqual(expected);
  });

  it.each([
    [null],
    [undefined],
    ['down'],
    [{}],
    [{ fault: 'constructor' }],
    [{ fault: 'down', delay_ms: 1 }],
    [{ fault: 'errors', ratio: Number.NaN }],
  ])('refuses %j', (body) => {
    expect(() => parseFault(body)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }));
  });

  it('flaps by the clock: down first, then up, and so on', () => {
    let nowMs = 0;
    const faults = createFaults({ now: () => nowMs, random: () => 0, block: () => undefined });
    faults.switchTo({ fault: 'flapping', period_ms: 1000 });
    const seen = [0, 999, 1000, 1999, 2000].map((at) => {
      nowMs = at;
      return faults.isDown();
    });
    expect(seen).toEqual([true, true, false, false, true]);
  });
});
