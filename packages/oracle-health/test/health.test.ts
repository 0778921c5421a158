import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@nps/testing';

import { type CheckOutcome, createHealth, defineCheck, type Health, type HealthOptions } from '../src/index.js';

const running: Health[] = [];

function create(options: Partial<HealthOptions> & Pick<HealthOptions, 'checks'>): Health {
  const health = createHealth({ service: 'oracle', version: '1.2.3', ...options });
  running.push(health);
  return health;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((health) => health.stop()));
});

const ok = (name: string) => defineCheck({ name, run: () => undefined });
const failing = (name: string, settings = {}) =>
  defineCheck({
    name,
    ...settings,
    run: () => {
      throw Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
    },
  });
const hanging = (name: string) => defineCheck({ name, timeoutMs: 100, run: () => new Promise<void>(() => undefined) });

describe('createHealth', () => {
  it('reports every check with its status, latency and instants', async () => {
    const health = create({ checks: [ok('database'), failing('redis', { critical: false })] });
    const report = await health.check();
    expect(report).toMatchObject({ status: 'degraded', service: 'oracle', version: '1.2.3' });
    expect(new Date(report.timestamp).toISOString()).toBe(report.timestamp);
    expect(report.checks['database']).toMatchObject({ status: 'ok', critical: true });
    expect(report.checks['database']?.latency_ms).toBeGreaterThanOrEqual(0);
    expect(report.checks['database']?.last_ok_at).toBe(report.checks['database']?.since);
    expect(report.checks['redis']).toMatchObject({
      status: 'error',
      error: 'REFUSED',
      last_ok_at: null,
      critical: false,
    });
  });

  it('runs all checks side by side and never exceeds its deadline, whatever they ask for', async () => {
    const checks = Array.from({ length: 8 }, (_, i) =>
      defineCheck({ name: `hang${i}`, timeoutMs: 60_000, run: () => new Promise<void>(() => undefined) }),
    );
    const health = create({ checks, deadlineMs: 300 });
    const startedAt = performance.now();
    const report = await health.check();
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(report.status).toBe('down');
    expect(Object.values(report.checks).map(({ error }) => error)).toEqual(Array(8).fill('TIMEOUT'));
  });

  it('shares one run among concurrent callers and uses a result again for minIntervalMs', async () => {
    let runs = 0;
    const counted = defineCheck({
      name: 'counted',
      run: async () => {
        runs += 1;
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    const health = create({ checks: [counted], minIntervalMs: 60_000 });
    await Promise.all(Array.from({ length: 1_000 }, () => health.check()));
    await health.check();
    expect(runs).toBe(1);
  });

  it('runs again at every call when minIntervalMs is 0', async () => {
    let runs = 0;
    const health = create({ checks: [defineCheck({ name: 'a', run: () => void (runs += 1) })], minIntervalMs: 0 });
    await health.check();
    await health.check();
    expect(runs).toBe(2);
  });

  it('survives checks that throw at once, reject late, or throw what is no error', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const late = defineCheck({
      name: 'late',
      timeoutMs: 20,
      run: (signal) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => setImmediate(() => reject(new Error('too late'))));
        }),
    });
    const odd = defineCheck({
      name: 'odd',
      run: () => {
        throw 'a string';
      },
    });
    const report = await create({ checks: [failing('sync'), late, odd] }).check();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    process.off('unhandledRejection', unhandled);
    expect(report.checks['sync']?.error).toBe('REFUSED');
    expect(report.checks['late']?.error).toBe('TIMEOUT');
    expect(report.checks['odd']?.error).toBe('UNKNOWN');
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('does not begin a second run while one that ignored its signal still hangs', async () => {
    let runs = 0;
    const deaf = defineCheck({
      name: 'deaf',
      timeoutMs: 20,
      run: () => {
        runs += 1;
        return new Promise<void>(() => undefined);
      },
    });
    const health = create({ checks: [deaf], minIntervalMs: 0 });
    await health.check();
    const { checks } = await health.check();
    expect(runs).toBe(1);
    expect(checks['deaf']).toMatchObject({ status: 'error', error: 'TIMEOUT' });
  });

  it('runs a check again once its deaf run has ended', async () => {
    let runs = 0;
    let release = () => undefined as void;
    const slow = defineCheck({
      name: 'slow',
      timeoutMs: 20,
      run: () => {
        runs += 1;
        return runs === 1 ? new Promise<void>((resolve) => (release = resolve)) : undefined;
      },
    });
    const health = create({ checks: [slow], minIntervalMs: 0 });
    expect((await health.check()).status).toBe('down');
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await health.check()).status).toBe('healthy');
  });

  it('believes a change in the background only after two runs in a row, and says since when', async () => {
    let outcome: CheckOutcome = { status: 'ok' };
    let runs = 0;
    const check = defineCheck({
      name: 'flaky',
      run: () => {
        runs += 1;
        return outcome;
      },
    });
    const seen: string[] = [];
    const health = create({ checks: [check], intervalMs: 10, onSample: (_, report) => seen.push(report.status) });
    health.start();
    await waitFor(() => runs >= 2);
    outcome = { status: 'error', error: 'RESET' };
    await waitFor(() => health.report().status === 'down');
    const at = seen.indexOf('error');
    expect(seen.slice(0, at)).toEqual(Array(at).fill('ok'));
    expect(runs - at).toBeGreaterThanOrEqual(1);
    const { since, last_ok_at: lastOkAt } = health.report().checks['flaky'] ?? {};
    expect(Date.parse(since ?? '')).toBeGreaterThanOrEqual(Date.parse(lastOkAt ?? ''));
  });

  it('answers what it believes at once while background runs hang', async () => {
    const health = create({ checks: [hanging('dead')], intervalMs: 10 });
    health.start();
    await waitFor(() => health.isComplete());
    const startedAt = performance.now();
    for (let i = 0; i < 100; i += 1) await health.current();
    // Waiting for the hanging run each time would take 10 s.
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('is degraded before anything ran, and healthy without any checks', async () => {
    expect(create({ checks: [ok('a')] }).report().status).toBe('degraded');
    expect(create({ checks: [] }).report().status).toBe('healthy');
  });

  it('forgives failures after the start for as long as it was told', async () => {
    let nowMs = 0;
    const health = create({ checks: [failing('database')], startupGraceMs: 3_600_000, intervalMs: 10 });
    health.start();
    await waitFor(() => health.isComplete());
    expect(health.report().status).toBe('degraded');
    const impatient = create({ checks: [failing('database')], intervalMs: 10 });
    impatient.start();
    nowMs = await waitFor(() => (impatient.isComplete() ? performance.now() : 0));
    expect(impatient.report().status).toBe('down');
    expect(nowMs).toBeGreaterThan(0);
  });

  it('goes from idle over running and draining to stopped, and tells its subscribers', async () => {
    const health = create({ checks: [] });
    const phases: string[] = [];
    const unsubscribe = health.subscribe(() => phases.push(health.phase()));
    health.start();
    health.start();
    health.drain();
    health.drain();
    await health.stop();
    unsubscribe();
    expect(phases).toEqual(['running', 'draining', 'stopped']);
  });

  it('hands what an observer throws to onError and goes on', async () => {
    const onError = jest.fn();
    const health = create({
      checks: [ok('a')],
      onError,
      onSample: () => {
        throw new Error('observer');
      },
    });
    expect((await health.check()).status).toBe('healthy');
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'observer' }));
  });

  it('goes on when onError itself is broken', async () => {
    const broken = () => {
      throw new Error('broken');
    };
    const health = create({ checks: [ok('a')], onError: broken, onSample: broken });
    health.subscribe(broken);
    expect((await health.check()).status).toBe('healthy');
  });

  it('aborts what is in flight when it is stopped, and runs nothing afterwards', async () => {
    let aborted = 0;
    let runs = 0;
    const check = defineCheck({
      name: 'long',
      run: (signal) => {
        runs += 1;
        return new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted += 1;
            reject(new Error('aborted'));
          });
        });
      },
    });
    const health = create({ checks: [check], intervalMs: 10 });
    health.start();
    await waitFor(() => runs === 1);
    await health.stop();
    await waitFor(() => aborted === 1);
    expect(runs).toBe(1);
  });

  it('takes what was broken off by stop() for no finding', async () => {
    const seen: string[] = [];
    const check = defineCheck({
      name: 'long',
      run: (signal) =>
        new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const health = create({ checks: [check], onSample: (_, { status }) => seen.push(status) });
    const checking = health.check();
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([health.stop(), health.stop()]);
    expect((await checking).checks).toEqual({});
    expect(seen).toEqual([]);
  });

  it('shows no instant of the future after the clock was set back', async () => {
    const health = create({ checks: [ok('a')], minIntervalMs: 60_000 });
    await health.check();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    try {
      const { since, last_ok_at: lastOkAt, checked_at: checkedAt } = health.report().checks['a'] ?? {};
      const now = new Date(Date.now()).toISOString();
      expect([since, lastOkAt, checkedAt]).toEqual([now, now, now]);
    } finally {
      clock.mockRestore();
    }
  });

  it('runs on through jumps of the clock, which change neither intervals nor deadlines', async () => {
    let runs = 0;
    const health = create({ checks: [defineCheck({ name: 'a', run: () => void (runs += 1) })], intervalMs: 10 });
    health.start();
    await waitFor(() => runs > 2);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(0);
    const before = runs;
    await waitFor(() => runs > before + 2);
    clock.mockRestore();
    expect(health.report().status).toBe('healthy');
  });

  it('warns when a good run is slower than asked', async () => {
    const slow = defineCheck({
      name: 'slow',
      warnAfterMs: 5,
      run: () => new Promise<void>((resolve) => setTimeout(resolve, 30)),
    });
    const { status, checks } = await create({ checks: [slow] }).check();
    expect(status).toBe('healthy');
    expect(checks['slow']).toMatchObject({ status: 'warning', error: 'THRESHOLD' });
  });

  it.each([
    [{ checks: [ok('a'), ok('a')] }, 'Two checks are called a'],
    [{ checks: [], deadlineMs: 5 }, 'deadlineMs from 100 to 60000, got 5'],
    [{ checks: [], intervalMs: Number.NaN }, 'intervalMs'],
    [{ checks: [], changesAfter: 0 }, 'changesAfter'],
    [{ checks: [], minIntervalMs: -1 }, 'minIntervalMs'],
    [{ checks: [], startupGraceMs: -1 }, 'startupGraceMs'],
    [{ checks: undefined as never }, 'a list in checks'],
    [{ checks: [undefined as never] }, 'Expected a check with a name and run(signal), got undefined'],
    [{ checks: [{ name: 5, run: () => undefined } as never] }, 'begins with a letter'],
    [{ checks: [], service: '' }, 'service of 1 to 100 printable characters'],
    [{ checks: [], version: '1\n[+]database ok' }, 'version of 1 to 100 printable characters'],
  ])('refuses options that make no sense (%#)', (options, message) => {
    expect(() => create(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    );
  });

  it.each(['', '__proto__', 'a b', '1a', 'x'.repeat(65)])('refuses the name %j for a check', (name) => {
    expect(() => ok(name)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
