import { createServer } from 'node:net';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { createTestDatabase, waitFor } from '@nps/testing';
import { Client } from 'pg';
import { startOracleUnderTest } from './oracle-under-test.js';

const READING = { user_id: 'u-1', name: 'Ada', birth_date: '1815-12-10' };

describe('a stop', () => {
  it('lets calls in flight finish over HTTP and gRPC, and takes no new ones', async () => {
    const running = await startOracleUnderTest();
    await running.switchFault({ fault: 'slow', delay_ms: 60_000 });
    const pending = [running.post(READING), running.call('GetNameReading', { name: 'Ada' })] as const;
    await waitFor(async () => (await running.get('/metrics')).body['in_flight'].length === 2);
    const stopped = running.oracle.stop();
    const [viaHttp, viaGrpc] = await Promise.all(pending);
    expect(viaHttp.status).toBe(200);
    expect(viaGrpc).toMatchObject({ expression: 6, is_stored: true });
    await stopped;
    await expect(running.post(READING)).rejects.toThrow();
    await expect(running.call('GetNameReading', { name: 'Ada' })).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await running.stop();
  });

  it('may be asked for twice', async () => {
    const running = await startOracleUnderTest();
    await Promise.all([running.oracle.stop(), running.oracle.stop()]);
    await running.stop();
  });

  it('leaves no connection in the database', async () => {
    const database = await createTestDatabase();
    const running = await startOracleUnderTest({ databaseUrl: database.connectionString });
    await running.post(READING);
    await running.stop();
    const client = new Client({ connectionString: database.connectionString });
    await client.connect();
    const { rows } = await client.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'oracle' AND datname = current_database()",
    );
    await client.end();
    await database.drop();
    expect(rows).toEqual([{ n: 0 }]);
  });
});

describe('a start', () => {
  it.each(['ORACLE_API_PORT', 'ORACLE_GRPC_PORT', 'ORACLE_HTTP_PORT'])(
    'that finds %s taken says so and leaves nothing running',
    async (variable) => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const { port } = taken.address() as { readonly port: number };
      try {
        await expect(startOracleUnderTest({ env: { [variable]: String(port) } })).rejects.toMatchObject({
          code: 'LISTEN_FAILED',
          message: `Cannot listen on 127.0.0.1:${port}: another process listens there. Set ${variable} to a free port, or ORACLE_HOST to an address of this machine.`,
        });
      } finally {
        taken.close();
      }
    },
  );

  it('binds an IPv6 address as well', async () => {
    const running = await startOracleUnderTest({ env: { ORACLE_HOST: '::1' } }).catch((error: unknown) => {
      // A machine without IPv6 cannot show it; anything but that is a failure.
      expect(String(error)).toMatch(/EADDRNOTAVAIL|EAFNOSUPPORT/);
      return null;
    });
    await running?.stop();
  });

  it('that is given a host of another machine says so', async () => {
    await expect(startOracleUnderTest({ env: { ORACLE_HOST: '192.0.2.1' } })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
    });
  });
});

describe('the daily job', () => {
  it('is recorded as failed when its table is gone, is logged, and runs again', async () => {
    const running = await startOracleUnderTest({ env: { ORACLE_JOB_INTERVAL: '1' } });
    try {
      const stats = async () => (await running.get('/jobs/stats/daily-insight')).body;
      await waitFor(async () => (await stats())['successful_runs'] >= 2);
      const client = new Client({ connectionString: running.databaseUrl });
      await client.connect();
      await client.query('ALTER TABLE insights RENAME TO insights_gone');
      const failed = await waitFor(async () => ((await stats())['failed_runs'] >= 1 ? stats() : null));
      expect(failed['success_rate']).toBeLessThan(100);
      await waitFor(() =>
        running.logLines().some((line) => line['action'] === 'daily-insight' && line['level'] === 'ERROR'),
      );
      await client.query('ALTER TABLE insights_gone RENAME TO insights');
      await client.end();
      await waitFor(async () => (await stats())['last_status'] === 'success');
    } finally {
      await running.stop();
    }
  });
});
