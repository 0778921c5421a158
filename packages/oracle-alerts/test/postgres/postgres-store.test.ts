import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase, waitFor } from '@nps/testing';
import pg from 'pg';
import { type AlertStore, createAlertEngine, createSystemClock, defaultRules, type Notifier } from '../../src/index.js';
import {
  acknowledgeAlert,
  createPostgresStore,
  deleteSilence,
  migrations,
  pruneAlerts,
  readAlertHistory,
  readAlerts,
  readChannels,
  readNotices,
  readSilences,
  storeSilence,
} from '../../src/postgres/index.js';
import { describeStore, noticeFor } from '../store/store-battery.js';

let database: TestDatabase;
const pools: pg.Pool[] = [];

function openPool(): pg.Pool {
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 5, connectionTimeoutMillis: 2000 });
  pool.on('error', () => undefined);
  pools.push(pool);
  return pool;
}

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  const pool = openPool();
  await pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  for (const { sql } of migrations) await pool.query(sql);
});
afterEach(async () => {
  // A leader keeps its connection; without it every pool can end.
  const admin = new pg.Client({ connectionString: database.connectionString });
  await admin.connect();
  await admin.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await admin.end();
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
});
afterAll(() => database.drop());

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

describe('a store in PostgreSQL', () => {
  describeStore(() =>
    Promise.resolve({
      first: createPostgresStore({ pool: openPool() }),
      second: createPostgresStore({ pool: openPool() }),
      pass: sleep,
    }),
  );

  it('is led by the next at once when the leader dies with its connection', async () => {
    const dying = openPool();
    const epoch = (await createPostgresStore({ pool: dying }).lead('a', 60_000)) ?? 0;
    const next = createPostgresStore({ pool: openPool() });
    expect(await next.lead('b', 60_000)).toBeNull();
    await openPool().query('SELECT pg_terminate_backend(backend_pid) FROM alert_leadership');
    await waitFor(async () => (await next.lead('b', 60_000)) !== null, { timeoutMs: 5000 });
    expect(await next.load()).toEqual({ alerts: [], notices: [], tellings: [] });
    expect(epoch).toBe(1);
  });

  it('lets the former leader return first after an outage of the database', async () => {
    let nowMs = 0;
    const monotonicMs = (): number => nowMs;
    const formerPool = openPool();
    const former = createPostgresStore({ pool: formerPool, monotonicMs });
    const otherPool = openPool();
    const other = createPostgresStore({ pool: otherPool, monotonicMs });
    await former.lead('a', 1000);
    expect(await other.lead('b', 1000)).toBeNull();
    const admin = openPool();
    await admin.query('ALTER TABLE alert_leadership RENAME TO hidden');
    await expect(other.lead('b', 1000)).rejects.toThrow(/alert_leadership/);
    await expect(former.lead('a', 1000)).rejects.toThrow(/alert_leadership/);
    await admin.query('ALTER TABLE hidden RENAME TO alert_leadership');
    await expect(other.lead('b', 1000)).rejects.toMatchObject({ code: 'STORE' });
    expect(await former.lead('a', 1000)).toBe(2);
    expect(await other.lead('b', 1000).catch(() => null)).toBeNull();
  });

  it('does not wait for a former leader that never returns', async () => {
    let nowMs = 0;
    const other = createPostgresStore({ pool: openPool(), monotonicMs: () => nowMs });
    const gone = createPostgresStore({ pool: openPool() });
    await gone.lead('a', 1000);
    const admin = openPool();
    await admin.query('ALTER TABLE alert_leadership RENAME TO hidden');
    await expect(other.lead('b', 1000)).rejects.toThrow(/alert_leadership/);
    await admin.query('ALTER TABLE hidden RENAME TO alert_leadership');
    await admin.query('SELECT pg_terminate_backend(backend_pid) FROM alert_leadership');
    await expect(other.lead('b', 1000)).rejects.toMatchObject({ code: 'STORE' });
    nowMs = 1001;
    expect(await other.lead('b', 1000)).toBe(2);
  });

  it('says what to do when the migrations did not run', async () => {
    const pool = openPool();
    await pool.query('DELETE FROM alert_leadership');
    await expect(createPostgresStore({ pool }).lead('a', 1000)).rejects.toThrow('run the migrations');
  });

  it('does not let a write that was held up undo a delivery', async () => {
    const store = createPostgresStore({ pool: openPool() });
    const epoch = (await store.lead('a', 60_000)) ?? 0;
    await store.store(epoch, { notices: [noticeFor('n', { state: 'delivered', deliveredAt: 1_800_000_003_000 })] });
    await store.store(epoch, { notices: [noticeFor('n', { state: 'sending' })] });
    expect((await store.load()).notices).toEqual([]);
  });

  it('outlives a connection that ends between two statements', async () => {
    const pool = openPool();
    const store = createPostgresStore({ pool });
    const epoch = (await store.lead('a', 60_000)) ?? 0;
    pool.on('acquire', (client) => {
      setImmediate(() => client.emit('error', new Error('terminating connection due to unexpected postmaster exit')));
    });
    expect(await store.store(epoch, { notices: [noticeFor('n')] })).toBe('stored');
  });

  it('takes nothing from one who leads no more under an epoch that a failover granted a second time', async () => {
    const formerPool = openPool();
    const former = createPostgresStore({ pool: formerPool });
    const epoch = (await former.lead('a', 60_000)) ?? 0;
    const admin = openPool();
    // What a promoted standby knows that did not get the last commits.
    await admin.query('UPDATE alert_leadership SET epoch = epoch - 1');
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = $1', ['advisory']);
    const next = createPostgresStore({ pool: openPool() });
    await waitFor(async () => (await next.lead('b', 60_000)) === epoch, { timeoutMs: 5000 });
    expect(await former.store(epoch, { notices: [noticeFor('late')] })).toBe('fenced');
    expect(await former.claim(epoch, ['late'], 1000)).toBe('fenced');
    expect((await next.load()).notices).toEqual([]);
  });

  it('stores all of a change or nothing', async () => {
    const pool = openPool();
    const store = createPostgresStore({ pool });
    const epoch = (await store.lead('a', 60_000)) ?? 0;
    await pool.query('ALTER TABLE alert_tellings RENAME TO elsewhere');
    const tellings = [
      { key: 'k', channel: 'c', incident: 1, state: 'open', at: 1, acceptedAt: null, refusals: 0 } as const,
    ];
    await expect(store.store(epoch, { notices: [noticeFor('n')], tellings })).rejects.toThrow();
    expect((await pool.query('SELECT 1 FROM notices')).rowCount).toBe(0);
  });
});

describe('what the dashboard reads and writes', () => {
  const sent: string[] = [];
  const channel: Notifier = {
    kind: 'memory',
    send: (notice) => {
      sent.push(notice.message.title);
      return Promise.resolve({ result: 'delivered', messageId: String(sent.length) });
    },
  };

  async function runOutage(store: AlertStore, duringOutage: () => Promise<void>): Promise<void> {
    const engine = createAlertEngine(
      { services: [{ name: 'oracle' }], rules: defaultRules(), groupWaitMs: 10, checkIntervalMs: 50 },
      { clock: createSystemClock(), store, notifiers: { memory: channel }, onError: () => undefined },
    );
    await engine.start();
    const observe = (value: number, detail?: string): void =>
      engine.observe([
        { service: 'oracle', signal: 'up', labels: { reason: 'refused' }, value, at: 0, ...(detail ? { detail } : {}) },
      ]);
    try {
      observe(0, 'connect ECONNREFUSED postgres://u:hunter2secret@db');
      observe(0, 'connect ECONNREFUSED postgres://u:hunter2secret@db');
      await waitFor(() => sent.length === 1, { timeoutMs: 5000 });
      await duringOutage();
      observe(1);
      observe(1);
      await waitFor(() => sent.length === 2, { timeoutMs: 5000 });
    } finally {
      await engine.stop();
    }
  }

  it('shows an outage from its fire over its acknowledgement to its recovery', async () => {
    sent.length = 0;
    const pool = openPool();
    await runOutage(createPostgresStore({ pool }), async () => {
      const [alert] = await readAlerts(pool, 'open');
      expect(alert).toMatchObject({
        rule: 'down',
        service: 'oracle',
        severity: 'critical',
        phase: 'firing',
        incident: 1,
      });
      expect(alert?.summary).toBe('🚨 CRITICAL: Oracle service is DOWN! Error: connect ECONNREFUSED postgres://***@db');
      const acknowledgement = await acknowledgeAlert(pool, { key: alert?.key ?? '', by: 'ann', durationMs: 60_000 });
      expect(acknowledgement.until - acknowledgement.at).toBe(60_000);
      expect((await readAlerts(pool, 'open'))[0]).toMatchObject({ acknowledgedBy: 'ann' });
    });
    expect(sent[1]).toBe('ℹ️ INFO: Oracle service recovered');
    await waitFor(async () => (await readNotices(pool)).every((notice) => notice.state === 'delivered'), {
      timeoutMs: 5000,
    });
    expect(await readAlerts(pool, 'open')).toEqual([]);
    const kinds = (await readAlertHistory(pool, { service: 'oracle' })).map((entry) => entry.kind);
    expect(kinds.filter((kind) => kind !== 'acknowledged')).toEqual(['resolved', 'fired']);
    const notices = await readNotices(pool, { limit: 10 });
    expect(notices.map((notice) => notice.kind)).toEqual(['resolve', 'fire']);
    expect(notices[0]?.deliveredAt).toMatch(/^\d{4}-.*Z$/);
    expect(JSON.stringify(notices)).not.toContain('hunter2secret');
  });

  it('says that an alert was told only once a channel took it, and by which attempts', async () => {
    const pool = openPool();
    let answers = 0;
    const refuses: Notifier = {
      kind: 'memory',
      send: () => Promise.resolve({ result: 'rejected', reason: 'HTTP 401' }),
    };
    const stammers: Notifier = {
      kind: 'memory',
      send: () => {
        answers += 1;
        return Promise.resolve(
          answers === 1 ? { result: 'retry', reason: 'HTTP 503' } : { result: 'delivered', messageId: 'm-1' },
        );
      },
    };
    const engine = createAlertEngine(
      { services: [{ name: 'oracle' }], rules: defaultRules(), groupWaitMs: 10, checkIntervalMs: 50 },
      {
        clock: createSystemClock(),
        store: createPostgresStore({ pool }),
        notifiers: { refuses, stammers },
        onError: () => undefined,
        random: () => 0,
      },
    );
    await engine.start();
    const key = '["down","oracle"]';
    try {
      const bad = { service: 'oracle', signal: 'up', labels: { reason: 'refused' }, value: 0, at: 0 };
      engine.observe([bad]);
      engine.observe([bad]);
      await waitFor(async () => (await readNotices(pool, { key })).some(({ state }) => state === 'rejected'), {
        timeoutMs: 5000,
      });
      const [untold] = await readAlerts(pool, { key });
      expect(untold?.announcedAt).not.toBeNull();
      expect(untold?.toldAt).toBeNull();
      await waitFor(async () => (await readAlerts(pool, { key }))[0]?.toldAt !== null, { timeoutMs: 5000 });
      const [told] = await readAlerts(pool, 'open');
      await waitFor(() => engine.alerts()[0]?.toldAt === told?.toldAt, { timeoutMs: 5000 });
      const taken = (await readNotices(pool, { key })).find(({ channel }) => channel === 'stammers');
      expect(taken).toMatchObject({
        incident: 1,
        state: 'delivered',
        attempts: 2,
        reason: 'HTTP 503',
        messageId: 'm-1',
      });
      expect(taken).toMatchObject({ nextAttemptAt: null, fallbackFor: null, deliveredAt: told?.toldAt });
      expect(taken?.latencyMs).toBe(Date.parse(taken?.deliveredAt ?? '') - Date.parse(taken?.createdAt ?? ''));
      const [refused, stammered] = await readChannels(pool);
      expect(refused).toMatchObject({ channel: 'refuses', delivered: 0, rejected: 1, lastReason: 'HTTP 401' });
      expect(refused).toMatchObject({ medianLatencyMs: null, lastDeliveredAt: null });
      expect(stammered).toMatchObject({ channel: 'stammers', delivered: 1, waiting: 0, rejected: 0, attempts: 2 });
      expect(stammered).toMatchObject({ medianLatencyMs: taken?.latencyMs, lastReason: 'HTTP 503' });
      expect(await readAlertHistory(pool, { key: '["down","other"]' })).toEqual([]);
      expect((await readAlertHistory(pool, { key })).map(({ kind }) => kind)).toEqual(['fired']);
    } finally {
      await engine.stop();
    }
  });

  it('stores alerts about labels of any length, each under its own key', async () => {
    const pool = openPool();
    const errors: unknown[] = [];
    const engine = createAlertEngine(
      { services: [{ name: 'oracle' }], rules: defaultRules() },
      {
        clock: createSystemClock(),
        store: createPostgresStore({ pool }),
        notifiers: {},
        onError: (error) => void errors.push(error),
      },
    );
    await engine.start();
    // Random text: PostgreSQL squeezes what repeats.
    const long = Array.from({ length: 400 }, () => Math.random().toString(36).slice(2)).join('');
    const failed = (job: string) => ({
      service: 'oracle',
      signal: 'job_consecutive_failures',
      labels: { job },
      value: 5,
      at: 0,
    });
    try {
      engine.observe([failed(`${long}a`), failed(`${long}b`)]);
      await engine.settled();
      expect(errors).toEqual([]);
      expect(engine.status().store).toBe('ok');
      expect(await readAlerts(pool, 'open')).toHaveLength(2);
    } finally {
      await engine.stop();
    }
  });

  it('refuses to acknowledge what does not fire', async () => {
    await expect(acknowledgeAlert(openPool(), { key: 'nothing', by: 'ann' })).rejects.toMatchObject({
      code: 'UNKNOWN_ALERT',
    });
  });

  it('adds, changes and ends silences', async () => {
    const pool = openPool();
    const startsAt = Date.now();
    const silence = { id: 's', matcher: {}, startsAt, endsAt: startsAt + 60_000, createdBy: 'ann', comment: '' };
    await storeSilence(pool, silence);
    expect(await readSilences(pool)).toEqual([silence]);
    expect(await deleteSilence(pool, 's')).toBe(true);
    expect(await deleteSilence(pool, 's')).toBe(false);
  });

  it('reads ranges, bounded whatever is asked for', async () => {
    const pool = openPool();
    const store = createPostgresStore({ pool });
    const epoch = (await store.lead('a', 60_000)) ?? 0;
    await store.store(epoch, { notices: [noticeFor('n')] });
    expect(await readNotices(pool, { from: '2027-01-16T00:00:00Z', limit: Number.NaN })).toEqual([]);
    expect(await readNotices(pool, { to: '2027-01-16T00:00:00Z', limit: 1e9 })).toHaveLength(1);
    expect(await readAlertHistory(pool, { limit: -5 })).toEqual([]);
    expect(await readNotices(pool, { service: `'; DROP TABLE notices; --` })).toEqual([]);
  });

  it('prunes what is old and finished', async () => {
    const pool = openPool();
    const store = createPostgresStore({ pool });
    const epoch = (await store.lead('a', 60_000)) ?? 0;
    const old = { createdAt: Date.now() - 100 * 86_400_000 };
    await store.store(epoch, {
      notices: [noticeFor('done', { ...old, state: 'delivered' }), noticeFor('waiting', old)],
    });
    await pruneAlerts(pool, 90);
    expect((await readNotices(pool)).map((notice) => notice.id)).toEqual(['waiting']);
  });
});
