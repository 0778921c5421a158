import { describe, expect, it } from '@jest/globals';
import { createSystemClock } from '@nps/oracle-alerts';
import type { Target } from '@nps/oracle-health/contract';
import { createMetrics } from '@nps/oracle-metrics';
import type { MetricsReport } from '@nps/oracle-metrics/contract';
import { createPrometheusHistory, type RemoteWrite } from '@nps/oracle-metrics/prometheus-history';
import { hasPrometheus, startPrometheus, waitFor } from '@nps/testing';
import { createRecording } from '../src/recording.js';
import { createRemoteRecorder, teeRecorder } from '../src/remote-recorder.js';

const MINUTE = 60_000;
const TARGET: Target = { name: 'oracle', kind: 'service', url: 'http://oracle.test' };
const START = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE;

/** A service with one reading a minute; answers like its /metrics.json. */
function createService(): { pass(minutes: number): void; answer(since: string): MetricsReport } {
  let nowMs = START;
  const metrics = createMetrics({ service: 'oracle', now: () => nowMs });
  return {
    pass(minutes) {
      for (let minute = 0; minute < minutes; minute += 1) {
        metrics.recordReadingTime(1200);
        metrics.recordTokens({ model: 'claude-haiku-4-5', input: 1000 });
        nowMs += MINUTE;
      }
    },
    answer: (since) => metrics.getMetrics({ minutesSince: new Date(since) }),
  };
}

/** An engine whose answers are chosen. */
function createEngine() {
  const taken: string[] = [];
  let refusal: { code: string } | null = null;
  const remote: RemoteWrite = {
    store(rows) {
      if (refusal !== null) return Promise.reject(Object.assign(new Error('no'), refusal));
      taken.push(...rows.map(({ minute }) => minute));
      return Promise.resolve({ accepted: rows.length, refused: 0 });
    },
    storeUsage: () => Promise.resolve({ accepted: 0, refused: 0 }),
  };
  return {
    remote,
    taken,
    answers(code: string | null) {
      refusal = code === null ? null : { code };
    },
  };
}

function visit(recorder: ReturnType<typeof createRemoteRecorder>, service: ReturnType<typeof createService>): void {
  const report = service.answer(recorder.minutesSince(TARGET));
  recorder.addScrape(TARGET, { outcome: 'report', report, at: report.timestamp });
}

const ignore = (): void => undefined;

describe('history on its way to an engine', () => {
  it('sends every minute once, however often the target repeats it', async () => {
    const [service, engine] = [createService(), createEngine()];
    const recorder = createRemoteRecorder(engine.remote, ignore);
    service.pass(5);
    visit(recorder, service);
    visit(recorder, service);
    await recorder.flush();
    service.pass(2);
    visit(recorder, service);
    await recorder.flush();
    await recorder.flush();
    expect(new Set(engine.taken).size).toBe(engine.taken.length);
    expect([...new Set(engine.taken)]).toEqual([...new Set(engine.taken)].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(engine.taken).size).toBeGreaterThanOrEqual(6);
    expect(recorder.status()).toEqual({ waiting: 0, dropped: 0 });
  });

  it('keeps minutes while the engine is away, and gives up those it refuses for good', async () => {
    const [service, engine] = [createService(), createEngine()];
    const told: unknown[] = [];
    const recorder = createRemoteRecorder(engine.remote, (error) => told.push(error));
    service.pass(5);
    visit(recorder, service);
    const { waiting } = recorder.status();
    expect(waiting).toBeGreaterThanOrEqual(4);
    engine.answers('REMOTE_AWAY');
    await expect(recorder.flush()).rejects.toMatchObject({ code: 'REMOTE_AWAY' });
    expect(recorder.status()).toEqual({ waiting, dropped: 0 });
    engine.answers('REMOTE_REFUSED');
    await recorder.flush();
    expect(recorder.status()).toEqual({ waiting: 0, dropped: waiting });
    expect(told).toHaveLength(1);
  });

  it('sends the oldest minutes of all services first, however they came in', async () => {
    const [service, engine] = [createService(), createEngine()];
    const recorder = createRemoteRecorder(engine.remote, ignore);
    service.pass(6);
    const report = service.answer(new Date(0).toISOString());
    const scrapeOf = (name: string) =>
      recorder.addScrape({ ...TARGET, name }, { outcome: 'report', report, at: report.timestamp });
    for (const name of ['a', 'b', 'c']) scrapeOf(name);
    await recorder.flush();
    expect(engine.taken.length).toBeGreaterThanOrEqual(15);
    expect(engine.taken).toEqual([...engine.taken].sort());
  });

  it('lets the oldest minutes go first when too many wait', () => {
    const recorder = createRemoteRecorder(createEngine().remote, ignore);
    const report = createService().answer(new Date(0).toISOString());
    const minutes = Array.from({ length: 12_000 }, (_, n) => ({
      minute: new Date((n + 1) * MINUTE).toISOString(),
      operations: {},
      errors_by_type: {},
    }));
    recorder.addScrape(TARGET, { outcome: 'report', report: { ...report, minutes }, at: report.timestamp });
    expect(recorder.status()).toEqual({ waiting: 10_000, dropped: 2_000 });
    recorder.discard();
    expect(recorder.status().waiting).toBe(0);
    expect(recorder.minutesSince(TARGET)).toBe('1970-01-01T00:00:00.000Z');
  });

  it('asks the targets for what either of two histories still needs', () => {
    const [service, other] = [createService(), createRemoteRecorder(createEngine().remote, ignore)];
    const recorder = createRemoteRecorder(createEngine().remote, ignore);
    const both = teeRecorder(recorder, other);
    service.pass(3);
    visit(other, service);
    expect(both.minutesSince(TARGET)).toBe('1970-01-01T00:00:00.000Z');
    const report = service.answer(both.minutesSince(TARGET));
    both.addScrape(TARGET, { outcome: 'report', report, at: report.timestamp });
    expect(both.minutesSince(TARGET)).toBe(other.minutesSince(TARGET));
    both.discard();
    expect(other.status().waiting).toBe(0);
  });
});

(hasPrometheus('history of the alerter in an engine') ? it : it.skip)(
  'a real Prometheus holds what was scraped, without any database',
  async () => {
    const prometheus = await startPrometheus();
    const trouble: unknown[] = [];
    const clock = createSystemClock();
    const recording = createRecording(
      null,
      { url: `${prometheus.url}/api/v1/write`, token: null },
      { clock, trouble: (_what, error) => trouble.push(error) },
    );
    try {
      const service = createService();
      service.pass(10);
      const report = service.answer(new Date(0).toISOString());
      recording?.start();
      recording?.recorder.addScrape(TARGET, { outcome: 'report', report, at: report.timestamp });
      await recording?.stop();
      expect(recording?.status()).toEqual({ database: null, remote: { waiting: 0, dropped: 0 } });
      const history = createPrometheusHistory({ url: prometheus.url });
      const query = {
        service: 'oracle',
        operation: 'reading',
        from: new Date(START).toISOString(),
        to: new Date(START + 12 * MINUTE).toISOString(),
        points: 12,
      };
      const points = await waitFor(async () => {
        const found = await history.series(query);
        return found.length >= 9 ? found : null;
      });
      expect(points.every(({ count, p95 }) => count === 1 && p95 === 1200)).toBe(true);
      expect((await history.usageSeries(query))[0]).toMatchObject({
        tokens: { 'claude-haiku-4-5': 1000 },
        cost_usd: 0.001,
      });
      expect(trouble).toEqual([]);
    } finally {
      await prometheus.stop();
    }
  },
);

it('nothing is recorded where neither a database nor an engine is set', () => {
  expect(createRecording(null, null, { clock: createSystemClock(), trouble: ignore })).toBeNull();
});

it('an engine that is not there is told as trouble, and stopping does not wait for it', async () => {
  const trouble: string[] = [];
  const recording = createRecording(
    null,
    { url: 'http://127.0.0.1:1/api/v1/write', token: 'a' },
    { clock: createSystemClock(), trouble: (what) => trouble.push(what) },
  );
  const service = createService();
  service.pass(3);
  const report = service.answer(new Date(0).toISOString());
  recording?.recorder.addScrape(TARGET, { outcome: 'report', report, at: report.timestamp });
  await recording?.stop();
  expect(trouble).toEqual(['remote_write']);
});
