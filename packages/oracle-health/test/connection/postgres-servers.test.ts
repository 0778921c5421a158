import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, waitFor } from '@nps/testing';
import { Client } from 'pg';

import { createProber, probe } from '../../src/client/index.js';
import { createHealth, type PostgresCheckOptions, postgresCheck } from '../../src/index.js';
import { createCertificate } from '../peers/certificate.js';

type Server = Awaited<ReturnType<typeof startPostgres>>;

let primary: Server;

async function query(server: Server, ...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: server.connectionString() });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function check(options: PostgresCheckOptions) {
  const health = createHealth({ service: 'x', version: '1', checks: [postgresCheck(options)] });
  const { status, error } = (await health.check()).checks['database'] ?? {};
  return error === undefined ? status : `${status} ${error}`;
}

beforeAll(async () => {
  primary = await startPostgres();
}, 60_000);

afterAll(() => primary.remove());

describe('a standby that follows a primary', () => {
  let standby: Server;

  beforeAll(async () => {
    const { directory, port } = primary;
    const copy = mkdtempSync(join(tmpdir(), 'test-standby-'));
    await primary.stop('fast');
    // A stopped primary's folder is a base backup; `-a` keeps the owner, who is not root.
    execFileSync('cp', ['-a', `${directory}/.`, copy]);
    primary = await startPostgres(directory, port);
    const { username, password } = new URL(primary.connectionString());
    const source = `host=127.0.0.1 port=${port} user=${username} password=${password}`;
    appendFileSync(join(copy, 'cluster', 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
    writeFileSync(join(copy, 'cluster', 'standby.signal'), '');
    standby = await startPostgres(copy);
  }, 60_000);

  afterAll(() => standby.remove());

  it('really gets what is written to the primary', async () => {
    await query(primary, 'CREATE TABLE followed (id int)');
    await waitFor(() =>
      query(standby, 'SELECT FROM followed').then(
        () => true,
        () => false,
      ),
    );
  });

  it('warns, fails only where it must be written, and is degraded to a probe', async () => {
    const connectionString = standby.connectionString();
    expect(await check({ connectionString })).toBe('warning READ_ONLY');
    expect(await check({ connectionString, requireWritable: true })).toBe('error READ_ONLY');
    expect(await probe({ name: 's', kind: 'postgres', url: connectionString })).toMatchObject({
      outcome: 'report',
      status: 'degraded',
    });
  });

  it('is well without its primary, and wholly once it was promoted', async () => {
    await primary.stop('immediate');
    expect(await check({ connectionString: primary.connectionString() })).toBe('error REFUSED');
    const connectionString = standby.connectionString();
    expect(await check({ connectionString })).toBe('warning READ_ONLY');
    await query(standby, 'SELECT pg_promote()');
    expect(await check({ connectionString, requireWritable: true })).toBe('ok');
    primary = await startPostgres(primary.directory, primary.port);
  }, 30_000);
});

describe('PostgreSQL over TLS', () => {
  const { key, cert } = createCertificate();

  const url = (sslmode: string, host = 'localhost') => {
    const address = new URL(primary.connectionString());
    address.hostname = host;
    address.searchParams.set('sslmode', sslmode);
    return address.href;
  };

  beforeAll(async () => {
    const cluster = join(primary.directory, 'cluster');
    const { uid, gid } = statSync(cluster);
    for (const [name, text] of [
      ['server.key', key],
      ['server.crt', cert],
    ] as const) {
      writeFileSync(join(cluster, name), text, { mode: 0o600 });
      chownSync(join(cluster, name), uid, gid);
    }
    await query(primary, 'ALTER SYSTEM SET ssl = on', 'SELECT pg_reload_conf()');
    await waitFor(async () => (await check({ connectionString: url('no-verify') })) === 'ok');
  });

  it('is verified against the authorities that were given, and not against others', async () => {
    expect(await check({ connectionString: url('verify-full'), tls: { ca: cert } })).toBe('ok');
    expect(await check({ connectionString: url('verify-full') })).toBe('error TLS');
    const other = createCertificate().cert;
    expect(await check({ connectionString: url('verify-full'), tls: { ca: other } })).toBe('error TLS');
  });

  it('is refused when the certificate is for another name', async () => {
    const resolver = { resolve: async () => ['127.0.0.1'] };
    const connectionString = url('verify-full', 'db.example');
    expect(await check({ connectionString, tls: { ca: cert }, resolver })).toBe('error TLS');
  });

  it('is spoken by probes, which share one set of authorities, and only where the url wants it', async () => {
    const prober = createProber({ tls: { ca: cert } });
    const visit = (address: string) => prober.probe({ name: 'db', kind: 'postgres', url: address });
    expect(await visit(url('verify-full'))).toMatchObject({ outcome: 'report', status: 'healthy' });
    expect(await visit(primary.connectionString())).toMatchObject({ outcome: 'report', status: 'healthy' });
    expect(await probe({ name: 'db', kind: 'postgres', url: url('verify-full') })).toMatchObject({
      outcome: 'failure',
      reason: 'tls',
    });
  });
});
