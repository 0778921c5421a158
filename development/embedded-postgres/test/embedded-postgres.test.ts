import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type EmbeddedPostgres, findBinaries, startEmbeddedPostgres } from '../src/index.js';
import { chooseOwner, giveTo, requireReach } from '../src/owner.js';
import { findPostmaster, stopPostmaster } from '../src/postmaster.js';

async function query(postgres: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: postgres.connectionString() });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('embedded PostgreSQL', () => {
  let directory: string;
  const running: EmbeddedPostgres[] = [];
  const start = async (): Promise<EmbeddedPostgres> => {
    const postgres = await startEmbeddedPostgres({ directory, durability: 'none' });
    running.push(postgres);
    return postgres;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
  });
  afterEach(async () => {
    for (const postgres of running.splice(0)) await postgres.stop('immediate');
    rmSync(directory, { recursive: true, force: true });
  });

  it('keeps its data over a stop and a start, and stops only once', async () => {
    const first = await start();
    await query(first, 'create table kept (n int); insert into kept values (7)');
    await Promise.all([first.stop(), first.stop()]);
    expect(findPostmaster(join(directory, 'cluster'))).toBeNull();

    const second = await start();
    expect(await query(second, 'select n from kept')).toEqual([{ n: 7 }]);
    expect(second.recovered).toBe(false);
  });

  it('refuses a client without the password', async () => {
    const postgres = await start();
    const url = new URL(postgres.connectionString());
    url.password = 'wrong';
    await expect(new Client({ connectionString: url.href }).connect()).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('stops the orphan of a killed run and takes over its data', async () => {
    const orphan = await start();
    await query(orphan, 'create table survived (n int)');

    const next = await start();
    expect(next.recovered).toBe(true);
    expect(next.pid).not.toBe(orphan.pid);
    expect(await query(next, 'select count(*)::int as n from survived')).toEqual([{ n: 0 }]);
  });

  it('recovers from an immediate stop', async () => {
    const first = await start();
    await query(first, 'create table crashed (n int)');
    await first.stop('immediate');
    expect(await query(await start(), 'select count(*)::int as n from crashed')).toEqual([{ n: 0 }]);
  });

  it('says in words why a port cannot be had', async () => {
    const first = await start();
    const other = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
    const second = startEmbeddedPostgres({ directory: other, port: first.port, durability: 'none' });
    await expect(second).rejects.toMatchObject({ code: 'START_FAILED', message: expect.stringContaining(other) });
    rmSync(other, { recursive: true, force: true });
  });

  it('says which directory cannot be used', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    await expect(startEmbeddedPostgres({ directory: join(file, 'below') })).rejects.toMatchObject({
      code: 'DIRECTORY_UNUSABLE',
      message: expect.stringContaining('ENOTDIR'),
    });
  });
});

describe('what the machine offers', () => {
  it('names the platforms and the way out where npm has no PostgreSQL', async () => {
    await expect(findBinaries('sunos-sparc')).rejects.toMatchObject({
      code: 'UNSUPPORTED_PLATFORM',
      message: expect.stringContaining('DATABASE_URL'),
    });
  });

  it('says what to install when the package is missing', async () => {
    const missing = findBinaries('linux-x64', () => Promise.reject(new Error('not found')));
    await expect(missing).rejects.toMatchObject({ code: 'BINARIES_MISSING' });
  });

  it('runs as an ordinary user when we are root, and as ourselves otherwise', () => {
    expect(chooseOwner(1000)).toEqual({});
    expect(chooseOwner(0).uid).toBeGreaterThan(0);
  });

  it('hands a folder to the user that is to run it, and finds that it can be reached', () => {
    const folder = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
    const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    giveTo(self, folder);
    giveTo({}, folder);
    expect(statSync(folder).uid).toBe(self.uid);
    expect(() => requireReach(self, folder)).not.toThrow();
    expect(() => requireReach(self, join(folder, 'missing'))).toThrow('PostgreSQL refuses to run as root');
    rmSync(folder, { recursive: true });
  });

  it('says in words that a folder is out of reach', () => {
    expect(() => requireReach({}, '/nowhere/at/all')).toThrow('cannot be reached by this user');
  });

  it('does not take a stranger for a postmaster', async () => {
    expect(findPostmaster('/nowhere')).toBeNull();
    await stopPostmaster(2 ** 22 + 1); // no such process: returns at once
  });
});
