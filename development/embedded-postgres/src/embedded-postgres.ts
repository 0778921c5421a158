import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { findBinaries } from './binaries.js';
import { EmbeddedPostgresError } from './errors.js';
import { chooseOwner, giveTo, type Owner, requireReach } from './owner.js';
import { findPostmaster, type StopMode, stopPostmaster } from './postmaster.js';

export interface EmbeddedPostgresOptions {
  /** Where everything lives: `cluster/` (the data), `password`, `postgres.log`. Made when missing; kept on stop. */
  readonly directory: string;
  /** TCP port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  /** `full` (default) survives a power cut; `none` survives a crash of the server, not of the machine; for tests. */
  readonly durability?: 'full' | 'none';
}

export interface EmbeddedPostgres {
  readonly port: number;
  readonly pid: number;
  /** True when an orphan of an earlier, killed run had to be stopped first. */
  readonly recovered: boolean;
  connectionString(database?: string): string;
  /** Idempotent; waits until the process is gone. */
  stop(mode?: StopMode): Promise<void>;
}

const USER = 'nps';
const START_TIMEOUT_MS = 60_000; // crash recovery of a large cluster takes its time

/**
 * Initialises (once) and starts a real PostgreSQL on loopback. Runs as an unprivileged user when we are root. A server left
 * over from a killed run of the same directory is stopped first, by its own lock file.
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  const cluster = join(directory, 'cluster');
  const binaries = await findBinaries();
  const owner = chooseOwner();
  prepareDirectory(directory, owner);
  requireReach(owner, binaries.postgres);

  const orphan = findPostmaster(cluster);
  if (orphan !== null) await stopPostmaster(orphan);
  if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(binaries.initdb, directory, owner);

  const port = options.port || (await freePort());
  const log = openSync(join(directory, 'postgres.log'), 'a');
  giveTo(owner, join(directory, 'postgres.log'));
  // detached: Ctrl-C in the terminal reaches the whole process group, and the database must outlive its clients.
  const child = spawn(binaries.postgres, ['-D', cluster, ...settings(port, options.durability ?? 'full')], {
    ...owner,
    cwd: directory,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const password = readFileSync(join(directory, 'password'), 'utf8').trim();
  const connectionString = (database = 'postgres'): string =>
    `postgres://${USER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  await untilReady(child, connectionString(), directory);
  child.unref();
  const pid = child.pid as number;
  let stopped: Promise<void> | undefined;
  return {
    port,
    pid,
    recovered: orphan !== null,
    connectionString,
    stop: (mode) => (stopped ??= stopPostmaster(pid, mode)),
  };
}

function prepareDirectory(directory: string, owner: Owner): void {
  try {
    mkdirSync(directory, { recursive: true });
    giveTo(owner, directory);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'DIRECTORY_UNUSABLE',
      `${directory} cannot be written (${(cause as NodeJS.ErrnoException).code}); give this user the folder, or set DATABASE_URL.`,
      { cause },
    );
  }
  requireReach(owner, directory);
}

async function initialise(initdb: string, directory: string, owner: Owner): Promise<void> {
  const cluster = join(directory, 'cluster');
  const passwordFile = join(directory, 'password');
  rmSync(cluster, { recursive: true, force: true }); // an initialisation that was killed half-way
  writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  giveTo(owner, passwordFile);
  const flags = ['-D', cluster, '-U', USER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const child = spawn(initdb, [...flags, '--encoding=UTF8', '--locale=C', '--no-instructions'], {
    ...owner,
    cwd: directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  if (code === 0) return;
  rmSync(cluster, { recursive: true, force: true });
  throw new EmbeddedPostgresError('INIT_FAILED', `initdb ended with ${code} in ${directory}: ${complaint.trim()}`);
}

function settings(port: number, durability: 'full' | 'none'): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    // Sockets in /tmp would collide between users and directories.
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '64MB',
    ...(durability === 'none' ? { fsync: 'off', full_page_writes: 'off' } : {}),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function untilReady(child: ChildProcess, connectionString: string, directory: string): Promise<void> {
  let failure: Error | undefined;
  let ended = false;
  child.once('error', (error) => (failure = error)).once('close', () => (ended = true));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await accepts(connectionString))) {
    if (failure || ended || performance.now() > deadline) {
      child.kill('SIGQUIT');
      throw new EmbeddedPostgresError(
        'START_FAILED',
        `PostgreSQL did not start in ${directory}: ${failure?.message ?? lastLines(join(directory, 'postgres.log'))}`,
      );
    }
    await delay(25);
  }
}

async function accepts(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // a server that dies while we ask is simply not ready
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' | ');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
