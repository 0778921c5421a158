import { describe, expect, it } from '@jest/globals';
import { parseMetricsReport } from '../src/contract/index.js';
import { createMetrics, decodeSketch, type MetricsOptions, type OracleMetrics } from '../src/index.js';
import { createFakeClock, HOUR, MINUTE, SECOND } from './fake-clock.js';

function metricsAt(options: Partial<MetricsOptions> = {}) {
  const clock = createFakeClock();
  return { clock, metrics: createMetrics({ service: 'oracle', now: clock.now, ...options }) };
}

describe('the report', () => {
  it('shows null for every time before anything was recorded', () => {
    const report = metricsAt().metrics.getMetrics();
    const none = { count: 0, p50: null, p95: null, p99: null, avg: null, max: null };
    expect(report.performance).toEqual({
      reading_time: none,
      analysis_time: none,
      ai_call_time: none,
      db_query_time: none,
    });
    expect(report.errors).toEqual({ rate_percent: null, count_last_hour: 0, by_type: {} });
    expect([report.error_rate, report.success_rate, report.average_response_time_ms]).toEqual([null, null, null]);
  });

  it('shows an average and a median of 600 for readings of 500, 600 and 700 ms', () => {
    const { metrics } = metricsAt();
    for (const ms of [500, 600, 700]) metrics.recordReadingTime(ms);
    expect(metrics.getMetrics().performance.reading_time).toEqual({
      count: 3,
      p50: 600,
      p95: 700,
      p99: 700,
      avg: 600,
      max: 700,
    });
    expect(metrics.getMetrics().average_response_time_ms).toBe(600);
  });

  it('shows 33.33 % for three readings and one error without an operation', () => {
    const { metrics } = metricsAt();
    for (const ms of [500, 600, 700]) metrics.recordReadingTime(ms);
    metrics.recordError('AI_TIMEOUT');
    expect(metrics.getMetrics().errors).toEqual({
      rate_percent: 33.33,
      count_last_hour: 1,
      by_type: { AI_TIMEOUT: 1 },
    });
    expect(metrics.getMetrics().success_rate).toBe(66.67);
  });

  it('shows 25 % for three tracked readings that went well and one that failed', () => {
    const { metrics } = metricsAt();
    for (let run = 0; run < 3; run++) metrics.track('reading', () => 'sign');
    expect(() => metrics.track('reading', () => JSON.parse('{'))).toThrow(SyntaxError);
    const report = metrics.getMetrics();
    expect(report.errors).toEqual({ rate_percent: 25, count_last_hour: 1, by_type: { SyntaxError: 1 } });
    expect(report.windows['5m']).toMatchObject({ operations: 4, errors: 1, error_rate_percent: 25 });
    expect(report.counters).toEqual({ operations: 4, errors: 1 });
  });

  it('never shows an error rate above 100 %', () => {
    const { metrics } = metricsAt();
    metrics.recordReadingTime(1);
    for (let error = 0; error < 5; error++) metrics.recordError('E');
    expect(metrics.getMetrics().errors.rate_percent).toBe(100);
  });

  it('shows true hourly rates for a process that is ten minutes old', () => {
    const { metrics, clock } = metricsAt();
    for (let reading = 0; reading < 20; reading++) {
      metrics.recordReadingTime(100);
      clock.advance(30 * SECOND);
    }
    expect(metrics.getMetrics().usage.readings_per_hour).toBe(120);
    expect(metrics.getMetrics().windows['60m'].observed_seconds).toBe(600);
  });

  it('shows a steady rate right after the window has filled', () => {
    const { metrics, clock } = metricsAt();
    for (let second = 0; second < 3 * 3600; second += 15) {
      metrics.recordReadingTime(100);
      clock.advance(15 * SECOND);
    }
    expect(metrics.getMetrics().usage.readings_per_hour).toBeGreaterThan(236);
    expect(metrics.getMetrics().usage.readings_per_hour).toBeLessThan(244);
  });

  it.each([
    [1, 50 * SECOND, 61 * SECOND],
    [5, 4 * MINUTE + 50 * SECOND, 5 * MINUTE + SECOND],
    [60, 59 * MINUTE, HOUR + SECOND],
    [1440, 1439 * MINUTE, 1440 * MINUTE + SECOND],
  ])('keeps data in a window of %i min until it is old, and then lets it go', (windowMinutes, insideMs, outsideMs) => {
    for (let offset = 0; offset < MINUTE; offset += 7 * SECOND) {
      const { metrics, clock } = metricsAt({ windowMinutes });
      clock.advance(offset);
      metrics.recordReadingTime(500);
      metrics.recordError('E');
      clock.advance(insideMs);
      expect(metrics.getMetrics().performance.reading_time.count).toBe(1);
      expect(metrics.getMetrics().errors.rate_percent).toBe(100);
      clock.advance(outsideMs - insideMs);
      expect(metrics.getMetrics().performance.reading_time.count).toBe(0);
      expect(metrics.getMetrics().errors.rate_percent).toBeNull();
    }
  });

  it('reads both windows from the same records', () => {
    const { metrics, clock } = metricsAt();
    metrics.recordReadingTime(1000);
    clock.advance(20 * MINUTE);
    metrics.recordReadingTime(10);
    const { windows } = metrics.getMetrics();
    expect(windows['5m'].by_operation).toMatchObject({ reading: { count: 1, max: 10, errors: 0 } });
    expect(windows['60m'].by_operation).toMatchObject({ reading: { count: 2, max: 1000, errors: 0 } });
  });

  it('does not dilute the error rate with the steps of an operation', () => {
    const { metrics } = metricsAt();
    metrics.recordReadingTime(100);
    for (let query = 0; query < 8; query++) metrics.recordDbQueryTime(1, 'select');
    expect(() =>
      metrics.track('reading', () =>
        metrics.track('ai_call', () => {
          throw Object.assign(new Error('overloaded'), { code: 'AI_OVERLOADED' });
        }),
      ),
    ).toThrow('overloaded');
    expect(metrics.getMetrics().errors).toEqual({
      rate_percent: 50,
      count_last_hour: 2,
      by_type: { AI_OVERLOADED: 2 },
    });
  });

  it('counts AI calls as operations in a service that does nothing else', () => {
    const { metrics } = metricsAt();
    metrics.recordAiCallTime(10);
    metrics.recordError('E');
    expect(metrics.getMetrics().error_rate).toBe(100);
  });

  it('shows any further operation as <name>_time', () => {
    const { metrics } = metricsAt();
    metrics.record('translate', 5);
    metrics.record('__proto__', 7);
    const { performance } = metrics.getMetrics();
    expect(performance.translate_time).toMatchObject({ count: 1, max: 5 });
    expect(Object.keys(performance)).toContain('__proto___time');
    expect(JSON.parse(JSON.stringify(metrics.getMetrics())).windows['5m'].by_operation).toHaveProperty('translate');
    expect(({} as Record<string, unknown>).max).toBeUndefined();
  });

  it('ignores what is not a duration and says how often that happened', () => {
    const { metrics } = metricsAt();
    for (const wrong of [
      Number.NaN,
      -1,
      Number.POSITIVE_INFINITY,
      '5' as unknown as number,
      undefined as unknown as number,
    ]) {
      metrics.recordReadingTime(wrong);
    }
    expect(metrics.getMetrics().performance.reading_time.count).toBe(0);
    expect(metrics.toPrometheus()).toContain('metrics_rejected_values_total 5\n');
  });

  it('counts messages, suggestions, users, AI calls, tokens and cost', () => {
    const { metrics } = metricsAt();
    metrics.recordMessage();
    metrics.recordMessage();
    metrics.recordSuggestion();
    for (const user of ['ann', 'bob', 'ann', 7]) metrics.userSeen(user);
    metrics.recordAiCallTime(900);
    metrics.recordTokens({ model: 'claude-haiku-4-5', input: 1000, output: 100, cacheRead: 10_000, cacheWrite: 0 });
    expect(metrics.getMetrics()).toMatchObject({
      total_messages: 2,
      usage: { suggestions_total: 1 },
      total_users: 3,
      total_ai_tasks: 1,
      tokens_used: 11_100,
      cost_usd: 0.0025,
      today: { total_messages: 2, total_users: 3, total_suggestions: 1, tokens_used: 11_100, cost_usd: 0.0025 },
    });
  });

  it('starts the day’s counts anew at local midnight and keeps the totals', () => {
    const clock = createFakeClock(new Date(2026, 1, 8, 23, 59, 30).getTime());
    const metrics = createMetrics({ service: 'oracle', now: clock.now });
    metrics.recordReadingTime(100);
    metrics.recordMessage();
    metrics.userSeen('ann');
    metrics.recordError('E');
    clock.advance(MINUTE);
    metrics.recordReadingTime(100);
    metrics.userSeen('bob');
    const report = metrics.getMetrics();
    expect(report.today).toMatchObject({
      since: new Date(2026, 1, 9).toISOString(),
      total_messages: 0,
      total_users: 1,
      total_operations: 1,
      total_errors: 0,
    });
    expect(report).toMatchObject({ total_messages: 1, total_users: 2, counters: { operations: 2, errors: 1 } });
  });

  it.each([
    ['a message', (metrics: OracleMetrics) => metrics.recordMessage(), { total_messages: 1 }],
    ['a suggestion', (metrics: OracleMetrics) => metrics.recordSuggestion(), { total_suggestions: 1 }],
    ['an error', (metrics: OracleMetrics) => metrics.recordError('E'), { total_errors: 1 }],
    ['a user', (metrics: OracleMetrics) => metrics.userSeen('ann'), { total_users: 1 }],
    ['an operation', (metrics: OracleMetrics) => metrics.record('reading', 5), { total_operations: 1 }],
    [
      'an AI call',
      (metrics: OracleMetrics) => metrics.recordTokens({ model: 'claude-haiku-4-5', input: 1000 }),
      { tokens_used: 1000, cost_usd: 0.001 },
    ],
  ])('counts %s that is the first thing after midnight into the new day', (_what, record, counted) => {
    const clock = createFakeClock(new Date(2026, 1, 8, 23, 59, 59).getTime());
    const metrics = createMetrics({ service: 'oracle', now: clock.now });
    clock.advance(2 * SECOND);
    record(metrics);
    expect(metrics.getMetrics().today).toMatchObject(counted);
  });

  it('lists the twenty operations that have been running longest', () => {
    const { metrics, clock } = metricsAt();
    const first = metrics.start('reading');
    const runs = Array.from({ length: 24 }, () => {
      clock.advance(SECOND);
      return metrics.start('analysis');
    });
    const listed = metrics.getMetrics().in_flight;
    expect(listed).toHaveLength(20);
    expect(listed[0]).toMatchObject({
      operation: 'reading',
      duration_ms: 24_000,
      started_at: '2026-02-08T14:30:25.000Z',
    });
    expect(new Set(listed.map(({ id }) => id)).size).toBe(20);
    first.end();
    for (const run of runs) run.end();
    expect(metrics.getMetrics().in_flight).toEqual([]);
  });

  it('is what its own parser accepts, with every field', () => {
    const { metrics, clock } = metricsAt();
    metrics.recordReadingTime(5);
    metrics.recordRpc('GetReading', 'INTERNAL', 12, true);
    metrics.recordTokens({ model: 'claude-sonnet-5', output: 10 });
    metrics.start('reading');
    clock.advance(2 * MINUTE);
    const report = metrics.getMetrics({ minutesSince: new Date(0) });
    expect(report.minutes).toHaveLength(1);
    expect(report.rpc).toMatchObject({ GetReading: { count: 1, errors: 1, by_code: { INTERNAL: 1 } } });
    expect(parseMetricsReport(JSON.parse(JSON.stringify(report)))).toEqual({ outcome: 'report', report });
  });

  it('keeps its memory bounded when names never end', () => {
    const { metrics } = metricsAt();
    for (let name = 0; name < 1000; name++) {
      metrics.record(`operation-${name}`, 1);
      metrics.recordError(`TYPE_${name}`);
      metrics.recordRpc('GetReading', `CODE_${name}`, 1, false);
    }
    const report = metrics.getMetrics();
    expect(Object.keys(report.windows['5m'].by_operation)).toHaveLength(201);
    expect(report.windows['5m'].by_operation.overflow?.count).toBe(800);
    expect(Object.keys(report.errors.by_type)).toHaveLength(101);
    expect(report.errors.by_type.overflow).toBe(900);
    expect(Object.keys(report.rpc.GetReading?.by_code ?? {})).toHaveLength(51);
    expect(report.windows['5m'].operations).toBe(1000);
    expect(metrics.toPrometheus()).toContain('metrics_label_overflow_total{metric="operations_total"} 800\n');
  });
});

describe('sealed minutes', () => {
  it('are sent once their minute is over, with sketches of seconds', () => {
    const { metrics, clock } = metricsAt();
    metrics.recordReadingTime(250);
    clock.advance(20 * SECOND);
    metrics.recordReadingTime(750);
    metrics.recordError('E');
    expect(metrics.getMetrics({ minutesSince: new Date(0) }).minutes).toEqual([]);
    clock.advance(20 * SECOND);
    const [minute] = metrics.getMetrics({ minutesSince: new Date(0) }).minutes ?? [];
    expect(minute).toMatchObject({ minute: '2026-02-08T14:30:00.000Z', errors_by_type: { E: 1 } });
    const reading = minute?.operations.reading;
    expect(reading).toMatchObject({ count: 2, errors: 0 });
    const sketch = decodeSketch(Buffer.from(reading?.sketch ?? '', 'base64'));
    expect([sketch.count, sketch.min, sketch.max, sketch.sum]).toEqual([2, 0.25, 0.75, 1]);
  });

  it('are asked for by the last stored minute, which is not sent again, or by any instant', () => {
    const { metrics, clock } = metricsAt();
    for (let minute = 0; minute < 5; minute++) {
      metrics.recordReadingTime(1);
      clock.advance(MINUTE);
    }
    const minutesAfter = (iso: string) =>
      metrics.getMetrics({ minutesSince: new Date(iso) }).minutes?.map(({ minute }) => minute.slice(14, 16));
    expect(minutesAfter('2026-02-08T14:32:00Z')).toEqual(['33', '34']);
    expect(minutesAfter('2026-02-08T14:32:30Z')).toEqual(['32', '33', '34']);
    expect(minutesAfter('2026-02-08T15:00:00Z')).toEqual([]);
  });

  it('reach back two hours at most', () => {
    const { metrics, clock } = metricsAt();
    for (let minute = 0; minute < 200; minute++) {
      metrics.recordReadingTime(1);
      clock.advance(MINUTE);
    }
    const { minutes } = metrics.getMetrics({ minutesSince: new Date(0) });
    expect(minutes).toHaveLength(120);
    expect(minutes?.at(-1)?.minute).toBe('2026-02-08T17:49:00.000Z');
  });

  it('survive a clock that is set back by an hour, from which windows start anew', () => {
    const { metrics, clock } = metricsAt();
    metrics.recordReadingTime(1);
    clock.advance(MINUTE);
    metrics.recordReadingTime(1);
    clock.advance(-HOUR);
    metrics.recordReadingTime(1);
    const report = metrics.getMetrics({ minutesSince: new Date(0) });
    expect(report.windows['60m'].operations).toBe(1);
    expect(report.counters.operations).toBe(3);
    expect(report.minutes).toEqual([]);
  });
});

describe('createMetrics', () => {
  it.each([
    [{ service: '' }, /service must be the name/],
    [{ service: 5 as unknown as string }, /service must be the name of the service, got number/],
    [{ service: 'x', windowMinutes: 0 }, /windowMinutes must be a whole number from 1 to 1440, got 0/],
    [{ service: 'x', windowMinutes: 1441 }, /got 1441/],
    [{ service: 'x', windowMinutes: 2.5 }, /got 2.5/],
  ])('refuses %j and says what it wants', (options, message) => {
    expect(() => createMetrics(options)).toThrow(message);
    expect(() => createMetrics(options)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it('takes operations that are no names without throwing', () => {
    const { metrics } = metricsAt();
    for (const name of ['', 'x'.repeat(10_000), undefined, null, 7, Symbol('x')]) metrics.record(name as string, 1);
    expect(metrics.getMetrics().windows['5m'].operations).toBe(6);
  });

  it('lets parts be named, and counts everything when there are none', () => {
    const { metrics } = metricsAt({ parts: [] });
    metrics.recordReadingTime(100);
    metrics.recordDbQueryTime(1);
    expect(metrics.getMetrics().counters.operations).toBe(2);
    expect(metrics.getMetrics().average_response_time_ms).toBe(50.5);
  });

  it('uses the system’s clocks when it is given none', () => {
    const metrics = createMetrics({ service: 'oracle' });
    const run = metrics.start('reading');
    const until = performance.now() + 5;
    while (performance.now() < until);
    run.end();
    const report = metrics.getMetrics();
    expect(report.performance.reading_time.max).toBeGreaterThanOrEqual(5);
    expect(Math.abs(Date.parse(report.timestamp) - Date.now())).toBeLessThan(5000);
  });
});
