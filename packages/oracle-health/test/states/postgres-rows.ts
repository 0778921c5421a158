import type { TestDatabase } from '@nps/testing';
import { Pool } from 'pg';

import { postgresCheck } from '../../src/index.js';
import { postgresRefusal, refuseParameter } from '../peers/postgres-peer.js';
import { closedPort, halfClose, hang, reply, reset } from '../peers/tcp-peer.js';
import { limits, none, onTcp, password, path, type Row, type Scene, user } from './scene.js';

const postgresAt = (port: number) =>
  postgresCheck({ connectionString: `postgres://${user}:${password}@127.0.0.1:${port}${path}`, ...limits });

const urlOf =
  (database: TestDatabase) =>
  (change: (url: URL) => void = () => undefined): string => {
    const url = new URL(database.connectionString);
    url.username = user;
    url.password = password;
    change(url);
    return url.href;
  };

async function onPool(connectionString: string, build: (pool: Pool) => Promise<unknown>, max = 1): Promise<Scene> {
  const pool = new Pool({ connectionString, max });
  pool.on('error', () => undefined);
  const client = await pool.connect();
  const waiting = build(pool);
  return {
    check: postgresCheck({ pool, ...limits }),
    async stop() {
      client.release();
      await waiting;
      await pool.end();
    },
  };
}

/** PostgreSQL; the role named `user` must exist in the database. */
export function postgresRows(database: TestDatabase, admin: Pool): readonly Row[] {
  const postgresUrl = urlOf(database);
  return [
    ['postgres', 'answers', 'ok', () => none(postgresCheck({ connectionString: postgresUrl(), ...limits }))],
    [
      'postgres',
      'wrong password',
      'error AUTH',
      () => none(postgresCheck({ connectionString: postgresUrl((u) => (u.password = 'wrong')), ...limits })),
    ],
    [
      'postgres',
      'no password given',
      'error AUTH',
      () => none(postgresCheck({ connectionString: postgresUrl((u) => (u.password = '')), ...limits })),
    ],
    [
      'postgres',
      'unknown role',
      'error AUTH',
      () => none(postgresCheck({ connectionString: postgresUrl((u) => (u.username = 'nobody_at_all')), ...limits })),
    ],
    [
      'postgres',
      'unknown database',
      'error NOT_FOUND',
      () => none(postgresCheck({ connectionString: postgresUrl((u) => (u.pathname = path)), ...limits })),
    ],
    [
      'postgres',
      'read-only',
      'warning READ_ONLY',
      async () => {
        await admin.query(`ALTER ROLE ${user} SET default_transaction_read_only = on`);
        const check = postgresCheck({ connectionString: postgresUrl(), ...limits });
        return { check, stop: () => admin.query(`ALTER ROLE ${user} RESET default_transaction_read_only`) };
      },
    ],
    [
      'postgres',
      'read-only although it must be written',
      'error READ_ONLY',
      async () => {
        await admin.query(`ALTER ROLE ${user} SET default_transaction_read_only = on`);
        const check = postgresCheck({ connectionString: postgresUrl(), requireWritable: true, ...limits });
        return { check, stop: () => admin.query(`ALTER ROLE ${user} RESET default_transaction_read_only`) };
      },
    ],
    [
      'postgres',
      'too many connections of the role',
      'error EXHAUSTED',
      async () => {
        await admin.query(`ALTER ROLE ${user} CONNECTION LIMIT 0`);
        const check = postgresCheck({ connectionString: postgresUrl(), ...limits });
        return { check, stop: () => admin.query(`ALTER ROLE ${user} CONNECTION LIMIT -1`) };
      },
    ],
    ['postgres', 'pool with a free connection', 'ok', () => onPool(postgresUrl(), async () => undefined, 2)],
    [
      'postgres',
      'pool exhausted, callers waiting',
      'warning EXHAUSTED',
      () => onPool(postgresUrl(), (pool) => pool.query('SELECT 1')),
    ],
    [
      'postgres',
      'TLS demanded, none offered',
      'error TLS',
      () =>
        none(
          postgresCheck({ connectionString: postgresUrl((u) => u.searchParams.set('sslmode', 'require')), ...limits }),
        ),
    ],
    [
      'postgres',
      'starting up',
      'error LOADING',
      () => onTcp(reply(postgresRefusal('57P03', `the database system is starting up at ${path}`)), postgresAt),
    ],
    [
      'postgres',
      'shutting down',
      'error NOT_SERVING',
      () => onTcp(reply(postgresRefusal('57P01', 'terminating connection')), postgresAt),
    ],
    [
      'postgres',
      'too many clients',
      'error EXHAUSTED',
      () => onTcp(reply(postgresRefusal('53300', `sorry, too many clients for ${user}`)), postgresAt),
    ],
    [
      'postgres',
      'PgBouncer that refuses parameters and is paused',
      'error NOT_SERVING',
      () => onTcp(refuseParameter('statement_timeout', postgresRefusal('57P01', 'paused')), postgresAt),
    ],
    ['postgres', 'hangs', 'error TIMEOUT', () => onTcp(hang, postgresAt)],
    ['postgres', 'resets', 'error RESET', () => onTcp(reset, postgresAt)],
    ['postgres', 'closes its side at once', 'error RESET', () => onTcp(halfClose, postgresAt)],
    ['postgres', 'speaks another protocol', 'error MALFORMED', () => onTcp(reply('x\0\0\0\x08abcd'), postgresAt)],
    ['postgres', 'refused', 'error REFUSED', async () => none(postgresAt(await closedPort()))],
    [
      'postgres',
      'name unknown',
      'error DNS',
      () =>
        none(postgresCheck({ connectionString: `postgres://${user}:${password}@db.invalid${path}`, timeoutMs: 1_000 })),
    ],
  ];
}
