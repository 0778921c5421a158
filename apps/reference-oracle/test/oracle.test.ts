import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { probe } from '@nps/oracle-health/client';
import { scrape } from '@nps/oracle-metrics/client';
import { waitFor } from '@nps/testing';
import { allOperations } from '../src/operations/all-operations.js';
import { type OracleUnderTest, startOracleUnderTest } from './oracle-under-test.js';

let running: OracleUnderTest;

beforeAll(async () => {
  running = await startOracleUnderTest({ now: () => Date.UTC(2026, 1, 8, 14, 30) });
  await waitFor(async () => (await running.get('/health')).body['status'] === 'healthy');
});

afterAll(() => running.stop());

/** A request that each RPC answers. */
const REQUESTS: Readonly<Record<string, object>> = {
  GetReading: { user_id: 'u-1', name: 'Taylor Swift', birth_date: '1989-12-13', question: 'Go?' },
  GetNameReading: { user_id: 'u-1', name: 'Taylor Swift' },
  GetQuestionSign: { user_id: 'u-1', question: 'Go?', date: '2023-02-08' },
  GetDailyInsight: { user_id: 'u-1', birth_date: '1965-04-23' },
  GetTimingAlignment: { user_id: 'u-1', birth_date: '1936-10-12', days: 10 },
  AnalyzePatterns: {},
  SuggestRange: { user_id: 'u-1', space_start: '0x2000', space_end: '0x3fff', width: '16' },
};

describe('the RPCs', () => {
  it('GetReading tells the whole chart and stores it', async () => {
    const reading = await running.call('GetReading', REQUESTS['GetReading']);
    // 12 + 13 + 1989: 3 + 4 + 9 = 16 → 7; the year 2026 for 13 December: 12 + 13 + 2026 = 2051 → 8.
    expect(reading).toMatchObject({
      life_path: 7,
      personality: 8,
      personal_year: 8,
      personal_month: 1,
      personal_day: 9,
      text_source: 'computed',
      is_stored: true,
      date: '2026-02-08',
      // 7 + 6 for the letters, 11 for the day: 24 → 6.
      question_sign: { sign: 'hold', number: 6 },
    });
    expect(reading['insight_id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(reading['text']).toContain('Your path is 7, analysis');
  });

  it('GetNameReading tells the three numbers of a name', async () => {
    const reading = await running.call('GetNameReading', { name: 'Thomas John Hancock' });
    expect(reading).toMatchObject({ expression: 7, soul_urge: 2, personality: 5, is_stored: true });
  });

  it('GetQuestionSign answers with a sign', async () => {
    expect(await running.call('GetQuestionSign', REQUESTS['GetQuestionSign'])).toMatchObject({ number: 3, sign: 'go' });
  });

  it('GetDailyInsight gives everybody the same insight and the asker their personal day', async () => {
    const mine = await running.call('GetDailyInsight', { birth_date: '1965-04-23' });
    const yours = await running.call('GetDailyInsight', { birth_date: '1970-05-15' });
    expect(mine).toMatchObject({ date: '2026-02-08', number: 11, personal_day: 2 });
    expect(yours['insight_id']).toBe(mine['insight_id']);
    expect(yours['personal_day']).not.toBe(mine['personal_day']);
  });

  it('GetTimingAlignment ranks the days ahead', async () => {
    const reply = await running.call('GetTimingAlignment', REQUESTS['GetTimingAlignment']);
    expect(reply['day']).toMatchObject({
      date: '2026-02-08',
      personal_day: 6,
      universal_day: 11,
      alignment_ratio: 0.35,
    });
    expect(reply['best_days']).toHaveLength(5);
  });

  it('AnalyzePatterns counts what was stored for this user', async () => {
    for (let turn = 0; turn < 3; turn += 1) await running.call('GetNameReading', { user_id: 'ada', name: 'Go' });
    const patterns = await running.call('AnalyzePatterns', { user_id: 'ada' });
    expect(patterns).toMatchObject({
      samples: 3,
      counts: [{ number: 4, count: 3 }],
      dominant_digit: 4,
      evidence: 'insufficient',
      longest_streak: 3,
    });
    expect(await running.call('AnalyzePatterns', { user_id: 'nobody' })).toMatchObject({
      samples: 0,
      dominant_digit: 0,
    });
  });

  it('SuggestRange follows the stored readings and does not suggest the same place twice', async () => {
    const ask = { user_id: 'ada', space_start: '0', space_end: '8099', width: '10' };
    const first = await running.call('SuggestRange', ask);
    expect(first).toMatchObject({ start: '3001', end: '3010', start_hex: '0xbb9', based_on: 3 });
    const second = await running.call('SuggestRange', ask);
    expect(second['start']).not.toBe(first['start']);
  });

  it('HealthCheck tells what /health tells', async () => {
    const reply = await running.call('HealthCheck');
    expect(reply).toMatchObject({ status: 'healthy', version: '0.1.0' });
    expect(reply['checks']).toMatchObject({ database: 'ok', ai_api: 'skipped', service: 'ok' });
  });
});

describe('what is seen of the RPCs', () => {
  it.each(allOperations.map(({ name, measuredAs }) => [name, measuredAs]))(
    'shows a call of %s in /metrics as %s and as an RPC, and logs it with user, action and duration',
    async (name, measuredAs) => {
      const count = async () => {
        const { body } = await running.get('/metrics');
        return {
          rpc: body['rpc']?.[name]?.count ?? 0,
          operations: body['windows']['60m'].by_operation[measuredAs]?.count ?? 0,
        };
      };
      const before = await count();
      await running.call(name, REQUESTS[name], { 'x-request-id': `see-${name}` });
      const after = await count();
      expect(after.rpc).toBe(before.rpc + 1);
      expect(after.operations).toBe(before.operations + 1);
      const line = await waitFor(() =>
        running
          .logLines()
          .find((entry) => entry['request_id'] === `see-${name}` && entry['message'] === `${name} answered`),
      );
      expect(line).toMatchObject({ level: 'INFO', service: 'oracle', action: name });
      expect(line['duration_ms']).toBeGreaterThanOrEqual(0);
      if ('user_id' in (REQUESTS[name] ?? {})) expect(line['user_id']).toBe('u-1');
    },
  );

  it('counts users, messages, suggestions and database queries', async () => {
    const { body } = await running.get('/metrics');
    expect(body['service']).toBe('oracle');
    expect(body['total_users']).toBeGreaterThanOrEqual(2);
    expect(body['total_messages']).toBeGreaterThanOrEqual(7);
    expect(body['usage'].suggestions_total).toBeGreaterThanOrEqual(2);
    expect(body['performance'].db_query_time.p50).toBeGreaterThan(0);
    expect(body['performance'].ai_call_time.p50).toBeNull();
    expect(body['error_rate']).toBe(0);
  });

  it('is a service that the clients of the monitoring read without loss', async () => {
    const seen = await probe({ name: 'oracle', kind: 'service', url: running.sidecarUrl });
    expect(seen).toMatchObject({
      outcome: 'report',
      status: 'healthy',
      health: { service: 'oracle', version: '0.1.0' },
    });
    const scraped = await scrape({ url: `${running.sidecarUrl}/metrics.json`, kind: 'service' });
    expect(scraped).toMatchObject({ outcome: 'report', report: { service: 'oracle', counters: { errors: 0 } } });
  });

  it('gives a Prometheus scraper text with the same RPCs', async () => {
    const text = await (await fetch(`${running.sidecarUrl}/metrics/prometheus`)).text();
    expect(text).toMatch(/oracle_readings_total\{status="success"\} \d+/);
    expect(text).toMatch(/dependency_up\{dependency="database"\} 1/);
    expect(text).toMatch(/db_query_duration_seconds_count\{query_type="insert"\} \d+/);
  });

  it('records the daily job as a run', async () => {
    const stats = await waitFor(async () => {
      const { status, body } = await running.get('/jobs/stats/daily-insight');
      return status === 200 && body['last_status'] === 'success' ? body : null;
    });
    expect(stats).toMatchObject({ job_name: 'daily-insight', failed_runs: 0, success_rate: 100 });
    const { body } = await running.get('/jobs/status?job_name=daily-insight');
    expect((await running.get('/jobs')).body).toEqual(body);
    expect(JSON.stringify(body)).toContain('2026-02-08');
  });
});
