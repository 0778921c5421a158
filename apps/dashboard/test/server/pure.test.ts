import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { AlertHistoryEntry } from '@nps/oracle-alerts/contract';
import { waitFor } from '@nps/testing';
import fc from 'fast-check';
import { bandsOf } from '../../src/server/alert-bands.js';
import { alerterAway, alerterState } from '../../src/server/alerter-watch.js';
import { objectiveOf } from '../../src/server/error-budget.js';
import { describeSettings } from '../../src/server/handlers/settings.js';
import { createLoop } from '../../src/server/loop.js';
import { createRateLimiter } from '../../src/server/rate-limit.js';
import { ruleInWords } from '../../src/server/rule-words.js';
import { newest, type Visit } from '../../src/server/seen.js';
import { createSessions } from '../../src/server/sessions.js';
import { readTargets } from '../../src/server/targets-file.js';
import { healthReport } from './seeded-database.js';
import { testConfig } from './world.js';

const nowMs = Date.parse('2026-02-08T12:00:00Z');
const iso = (minutesAgo: number) => new Date(nowMs - minutesAgo * 60_000).toISOString();

describe('the bands of alerts', () => {
  const entry = (id: number, kind: AlertHistoryEntry['kind'], minutesAgo: number, incident = 1): AlertHistoryEntry => ({
    id,
    at: iso(minutesAgo),
    kind,
    key: 'k',
    rule: 'down',
    service: 's',
    severity: 'critical',
    incident,
    value: 0,
    detail: null,
  });

  it('reach from the fire to the end, whatever the order of the rows', () => {
    expect(bandsOf([entry(2, 'resolved', 10), entry(1, 'fired', 20)], iso(60))).toMatchObject([
      { from: iso(20), to: iso(10), title: 'down' },
    ]);
  });

  it('stay open while nothing ended them, and leave out what ended before the range', () => {
    const steps = [
      entry(1, 'fired', 200),
      entry(2, 'resolved', 190),
      entry(3, 'held', 30, 2),
      entry(4, 'fired', 20, 2),
    ];
    expect(bandsOf(steps, iso(60))).toMatchObject([{ from: iso(30), to: null }]);
  });
});

describe('the alerter’s own state', () => {
  const seen = (checks: Parameters<typeof healthReport>[2], status: 'healthy' | 'degraded' = 'healthy') =>
    alerterState({
      outcome: 'report',
      status,
      health: healthReport('alerter', nowMs, checks, status),
      latencyMs: 1,
      at: iso(0),
    });

  it('is read from its checks', () => {
    const state = seen({
      evaluation: { status: 'ok', value: 4, unit: 'seconds' },
      outbox: { status: 'ok', value: 0 },
      channels: { status: 'ok', value: 2 },
    });
    expect(state).toMatchObject({
      state: 'running',
      last_evaluated_at: new Date(nowMs - 4000).toISOString(),
      outbox: 0,
      channels: 'working',
    });
  });

  it('tells a missing channel from a failing one', () => {
    expect(seen({ channels: { status: 'warning', error: 'NOT_FOUND', value: 0 } }, 'degraded')).toMatchObject({
      state: 'degraded',
      channels: 'none',
    });
    expect(seen({ channels: { status: 'error', error: 'UNREACHABLE', value: 0 } }).channels).toBe('failing');
    expect(seen({}).channels).toBe('unknown');
  });

  it('is away when it does not answer', () => {
    expect(alerterState({ outcome: 'failure', reason: 'refused', message: 'm', latencyMs: 1, at: iso(0) })).toEqual(
      alerterAway,
    );
  });
});

describe('an error budget', () => {
  const uptime = (downSeconds: number, totalSeconds: number) => ({
    ratio: totalSeconds === 0 ? null : 1 - downSeconds / totalSeconds,
    upSeconds: totalSeconds - downSeconds,
    degradedSeconds: 0,
    downSeconds,
    unknownSeconds: 0,
  });
  const objective = (whole: ReturnType<typeof uptime>, recent: readonly ReturnType<typeof uptime>[] = []) =>
    objectiveOf({ service: 's', displayName: 'S', targetPercent: 99.9, whole, recent, nowMs });

  it('of 99.9 % is 43.2 minutes in 30 days', () => {
    expect(objective(uptime(1296, 2_592_000))).toMatchObject({
      budget_minutes: expect.closeTo(43.2),
      used_minutes: 21.6,
      left_ratio: expect.closeTo(0.5),
      observed_ratio: 1,
    });
  });

  it('ends when the pace of the last six hours says so', () => {
    const { burn, exhausted_at: ends } = objective(uptime(0, 2_592_000), [uptime(0, 3600), uptime(216, 21_600)]);
    expect(burn[1]?.rate).toBeCloseTo(10);
    expect((Date.parse(ends ?? '') - nowMs) / 86_400_000).toBeCloseTo(3);
  });

  it('can be overdrawn, and is unknown when nobody looked', () => {
    expect(objective(uptime(5184, 2_592_000))).toMatchObject({
      left_ratio: expect.closeTo(-1),
      exhausted_at: new Date(nowMs).toISOString(),
    });
    expect(objective(uptime(0, 0), [uptime(0, 0)])).toMatchObject({ availability: null, left_ratio: null });
  });
});

describe('the rate limit', () => {
  it('lets a burst through, then one at a time, for each address alone', () => {
    let clock = 0;
    const limiter = createRateLimiter({ burst: 3, perSecond: 2 }, () => clock);
    expect([1, 2, 3].map(() => limiter.take('a'))).toEqual([0, 0, 0]);
    expect(limiter.take('a')).toBe(1);
    expect(limiter.take('b')).toBe(0);
    clock = 500;
    expect([limiter.take('a'), limiter.take('a')]).toEqual([0, 1]);
  });

  it('never lets more through than burst + time × rate, and forgets addresses beyond 10,000', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }), (steps) => {
        let clock = 0;
        const limiter = createRateLimiter({ burst: 5, perSecond: 2 }, () => clock);
        const passed = steps.filter((step) => {
          clock += step;
          return limiter.take('x') === 0;
        }).length;
        return passed <= 5 + (clock / 1000) * 2;
      }),
    );
    const limiter = createRateLimiter({ burst: 1, perSecond: 0.001 }, () => 0);
    for (let turn = 0; turn <= 10_000; turn += 1) limiter.take(String(turn));
    expect(limiter.take('0')).toBe(0);
    expect(limiter.take('10000')).toBeGreaterThan(0);
  });
});

describe('sessions', () => {
  it('end after twelve hours, when closed, and the oldest when there are too many', () => {
    let clock = 0;
    const sessions = createSessions(() => clock);
    const [first, second] = [sessions.open('ann'), sessions.open('bob')];
    sessions.close(second);
    expect([sessions.find(first), sessions.find(second), sessions.find('x')]).toEqual(['ann', null, null]);
    clock = 12 * 3_600_000;
    expect(sessions.find(first)).toBeNull();
    const kept = Array.from({ length: 1001 }, () => sessions.open('many'));
    expect([sessions.find(kept[0] ?? ''), sessions.find(kept[1000] ?? '')]).toEqual([null, 'many']);
  });
});

describe('the loop', () => {
  it('goes on after a failed turn, and its stop waits for the turn under way', async () => {
    const errors: unknown[] = [];
    let turns = 0;
    let ended = false;
    const loop = createLoop({
      pauseMs: 1,
      onError: (error) => void errors.push(error),
      turn: async (signal) => {
        turns += 1;
        if (turns === 1) throw new Error('first');
        if (turns < 3) return;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        ended = true;
        throw new Error('aborted turns are no news');
      },
    });
    await loop.start();
    await waitFor(() => turns === 3);
    await loop.stop();
    expect([ended, errors.length]).toEqual([true, 1]);
  });
});

describe('two views of the world', () => {
  it('are joined service by service, the newer one first', () => {
    const visit = (at: string, source: 'recorded' | 'live'): Visit => ({
      service: 's',
      at,
      status: 'healthy',
      reason: null,
      message: null,
      health: null,
      latencyMs: 1,
      source,
    });
    const seen = (at: string, source: 'recorded' | 'live') => ({
      visits: new Map([['s', visit(at, source)]]),
      measured: new Map(),
    });
    expect(newest(seen(iso(5), 'recorded'), seen(iso(1), 'live')).visits.get('s')?.source).toBe('live');
    expect(newest(seen(iso(1), 'recorded'), seen(iso(5), 'live')).visits.get('s')?.source).toBe('recorded');
  });
});

describe('the operator’s file', () => {
  const read = (content: string) => {
    const directory = mkdtempSync(join(tmpdir(), 'targets-'));
    const configPath = join(directory, 'watch.yaml');
    writeFileSync(configPath, content);
    try {
      return readTargets({ configPath, oracleUrl: 'http://x', environment: { PORT: '9090' } });
    } finally {
      rmSync(directory, { recursive: true });
    }
  };

  it('is JSON or YAML, with variables from the environment', () => {
    const yaml = read(`targets:\n  - { name: oracle, kind: service, url: 'http://127.0.0.1:\${PORT}' }\n`);
    expect(yaml).toMatchObject({ outcome: 'targets', file: { targets: [{ url: 'http://127.0.0.1:9090' }] } });
    expect(read('{"targets":[{"name":"a","kind":"tcp","url":"tcp://h:1"}]}')).toMatchObject({ outcome: 'targets' });
  });

  it.each([
    ['[1]', 'an object with a list'],
    ['{"targets": 5}', 'expected a list of targets'],
    ['a: [', 'readable JSON or YAML'],
  ])('is refused with words when it is %s', (content, words) => {
    expect(read(content)).toMatchObject({ outcome: 'faults', faults: [expect.stringContaining(words)] });
  });

  it('is shown with its faults, and channels without their options', () => {
    const document = {
      rules: [{ name: 'x' }],
      routes: [{ channels: 5 }],
      channels: { night: { kind: 'telegram', botToken: 'hush' }, odd: 5 },
    };
    const state = { source: 'file', state: 'current', read_at: iso(0), refused_since: null, faults: [] } as const;
    const settings = describeSettings({ targets: [], document }, state, testConfig({}));
    expect(settings.faults.length).toBeGreaterThan(1);
    expect(settings.channels).toEqual([
      { name: 'night', kind: 'telegram' },
      { name: 'odd', kind: 'odd' },
    ]);
    expect(JSON.stringify(settings)).not.toContain('hush');
  });
});

describe('a rule in words', () => {
  it('says all that decides', () => {
    expect(
      ruleInWords({
        name: 'r',
        signal: 'errors',
        over: 'operations',
        comparison: 'above',
        threshold: 0.05,
        unit: 'ratio',
        minimumEvents: 20,
        minimumErrors: 3,
        forSeconds: 60,
        severity: 'warning',
        summary: '',
      }),
    ).toBe('errors ÷ operations above 5 %, for 60 s, from 20 events or 3 errors on');
    expect(
      ruleInWords({
        name: 'r',
        signal: 'cost',
        comparison: 'above',
        threshold: 5,
        unit: 'usd',
        severity: 'info',
        summary: '',
        clearThreshold: 4,
        by: ['model'],
        each: 'id',
        orSignal: 'x',
      }),
    ).toBe('cost above $5, or x likewise, for each model, once for each id, clears at $4');
  });
});
