import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTestDatabase } from '@nps/testing';
import { ROOT } from './repository.js';

/** The built apps as processes, as a container runs them. */
export interface Stack {
  readonly oracleUrl: string;
  readonly oracleApiUrl: string;
  /** host:port */
  readonly oracleGrpcAddress: string;
  readonly alerterUrl: string;
  readonly dashboardUrl: string;
  readonly databaseUrl: string;
  readonly logDirectory: string;
  stop(): Promise<void>;
}

/** Variables for one app or the other, beside what makes them find each other. */
export interface StackEnvironment {
  readonly oracle?: NodeJS.ProcessEnv;
  readonly alerter?: NodeJS.ProcessEnv;
  readonly dashboard?: NodeJS.ProcessEnv;
}

export async function startStack(environment: StackEnvironment = {}): Promise<Stack> {
  const database = await createTestDatabase();
  const logDirectory = mkdtempSync(join(tmpdir(), 'stack-logs-'));
  const children: ChildProcess[] = [];
  const start = async (app: string, env: NodeJS.ProcessEnv) => {
    const child = spawn(process.execPath, ['dist/main.js'], {
      cwd: join(ROOT, 'apps', app),
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        DATABASE_URL: database.connectionString,
        LOG_DIR: logDirectory,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return listening(app, child);
  };
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(end));
    await database.drop();
    rmSync(logDirectory, { recursive: true, force: true });
  };
  try {
    const oracle = await start('reference-oracle', {
      ORACLE_HTTP_PORT: '0',
      ORACLE_API_PORT: '0',
      ORACLE_GRPC_PORT: '0',
      ORACLE_FAULTS: 'on',
      ...environment.oracle,
    });
    const oracleUrl = `http://127.0.0.1:${oracle['sidecar_port']}`;
    const alerter = await start('alerter', {
      ALERTER_PORT: '0',
      ORACLE_HTTP_URL: oracleUrl,
      ALERT_CHECK_INTERVAL: '1',
      ALERT_COLLECT_INTERVAL: '1',
      ...environment.alerter,
    });
    const alerterUrl = `http://127.0.0.1:${alerter['port']}`;
    const dashboard = await start('dashboard', {
      DASHBOARD_PORT: '0',
      ORACLE_HTTP_URL: oracleUrl,
      ALERTER_URL: alerterUrl,
      ...environment.dashboard,
    });
    return {
      oracleUrl,
      oracleApiUrl: `http://127.0.0.1:${oracle['api_port']}`,
      oracleGrpcAddress: `127.0.0.1:${oracle['grpc_port']}`,
      alerterUrl,
      dashboardUrl: `http://127.0.0.1:${dashboard['port']}`,
      databaseUrl: database.connectionString,
      logDirectory,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The ports in the app's "listening" line. */
function listening(app: string, child: ChildProcess): Promise<Readonly<Record<string, number>>> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${app} ended with ${code} before it listened`)));
    if (child.stdout === null) return reject(new Error(`${app} has no output`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"listening"')) resolve(JSON.parse(line) as Record<string, number>);
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(killer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
