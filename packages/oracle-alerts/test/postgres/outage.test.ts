import { afterEach, describe, expect, it } from '@jest/globals';
import { startPostgres, waitFor } from '@nps/testing';
import pg from 'pg';
import {
  type AlertEngine,
  createAlertEngine,
  createSystemClock,
  defaultRules,
  type Notifier,
} from '../../src/index.js';
import { createPostgresStore, migrations, readAlertHistory, readNotices } from '../../src/postgres/index.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function createChannel(): Notifier & { readonly titles: string[] } {
  const titles: string[] = [];
  return {
    kind: 'memory',
    titles,
    send: (notice) => {
      titles.push(notice.message.title);
      return Promise.resolve({ result: 'delivered' });
    },
  };
}

function openEngine(
  connectionString: string,
  channel: Notifier,
): { readonly engine: AlertEngine; readonly pool: pg.Pool } {
  const pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 1000, query_timeout: 1500 });
  pool.on('error', () => undefined);
  const engine = createAlertEngine(
    { services: [{ name: 'oracle' }], rules: defaultRules(), groupWaitMs: 10, leaseMs: 1500, checkIntervalMs: 200 },
    {
      clock: createSystemClock(),
      store: createPostgresStore({ pool }),
      notifiers: { main: channel },
      onError: () => undefined,
    },
  );
  cleanups.push(async () => {
    await engine.stop();
    await pool.end();
  });
  return { engine, pool };
}

function observeTwice(engine: AlertEngine, value: 0 | 1): void {
  for (let count = 0; count < 2; count += 1) {
    engine.observe([{ service: 'oracle', signal: 'up', labels: { reason: 'refused' }, value, at: 0 }]);
  }
}

describe('an engine on a real PostgreSQL', () => {
  it('alerts while the server is killed, stores what it did afterwards, and pages nobody twice', async () => {
    const first = await startPostgres();
    let server = first;
    cleanups.push(() => server.remove());
    const setUp = new pg.Client({ connectionString: first.connectionString('postgres') });
    await setUp.connect();
    for (const { sql } of migrations) await setUp.query(sql);
    await setUp.end();
    const channel = createChannel();
    const { engine, pool } = openEngine(first.connectionString('postgres'), channel);
    await engine.start();
    expect(engine.status()).toMatchObject({ role: 'leader', store: 'ok' });

    await first.stop('immediate');
    observeTwice(engine, 0);
    await waitFor(() => channel.titles.length === 1, { timeoutMs: 10_000 });
    await waitFor(() => engine.status().store === 'memory', { timeoutMs: 10_000 });

    server = await startPostgres(first.directory, first.port);
    await waitFor(() => engine.status().store === 'ok', { timeoutMs: 20_000 });
    await waitFor(async () => (await readNotices(pool)).some((notice) => notice.state === 'delivered'), {
      timeoutMs: 5000,
    });
    expect((await readAlertHistory(pool)).map(({ kind }) => kind)).toEqual(['fired']);

    await engine.stop();
    const next = openEngine(first.connectionString('postgres'), channel);
    await next.engine.start();
    await waitFor(() => next.engine.status().role === 'leader', { timeoutMs: 10_000 });
    observeTwice(next.engine, 0);
    await next.engine.tick();
    expect(channel.titles).toHaveLength(1);
    observeTwice(next.engine, 1);
    await waitFor(() => channel.titles.length === 2, { timeoutMs: 10_000 });
    expect(channel.titles[1]).toBe('ℹ️ INFO: Oracle service recovered');
  }, 60_000);

  it('hands over to the second replica when the first loses its connection for good', async () => {
    const server = await startPostgres();
    cleanups.push(() => server.remove());
    const setUp = new pg.Client({ connectionString: server.connectionString('postgres') });
    await setUp.connect();
    for (const { sql } of migrations) await setUp.query(sql);
    const channel = createChannel();
    const former = openEngine(server.connectionString('postgres'), channel);
    const next = openEngine(server.connectionString('postgres'), channel);
    await former.engine.start();
    await next.engine.start();
    expect(next.engine.status().role).toBe('standby');
    observeTwice(former.engine, 0);
    await waitFor(() => channel.titles.length === 1, { timeoutMs: 10_000 });
    const startedMs = performance.now();
    await former.engine.stop();
    await waitFor(() => next.engine.status().role === 'leader', { timeoutMs: 15_000 });
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    expect(next.engine.status().epoch).toBeGreaterThan(1);
    await setUp.end();
    observeTwice(next.engine, 0);
    await next.engine.tick();
    expect(channel.titles).toHaveLength(1);
    observeTwice(next.engine, 1);
    await waitFor(() => channel.titles.length === 2, { timeoutMs: 10_000 });
  }, 60_000);
});
