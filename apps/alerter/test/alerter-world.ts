import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { redact } from '@nps/oracle-logger';
import { createTestDatabase, startTelegramPeer, type TelegramPeer, type TestDatabase } from '@nps/testing';
import { Client } from 'pg';
import { type Alerter, createAlerter } from '../src/alerter.js';
import { readStartup } from '../src/startup.js';
import { type AlerterProcess, startAlerterProcess } from './alerter-process.js';
import { type ServiceTarget, startServiceTarget } from './service-target.js';

/** A database, a service and a Telegram of the test's own, and alerters that watch and tell there. */
export interface AlerterWorld {
  readonly database: TestDatabase;
  readonly target: ServiceTarget;
  readonly peer: TelegramPeer;
  readonly token: string;
  /** Messages of the log of alerters in this process. */
  readonly lines: readonly string[];
  /** What an alerter is started with: it looks every second, on a free port. */
  environment(change?: Readonly<Record<string, string>>): Record<string, string>;
  /** A whole alerter as main.ts builds it, in this process. */
  startHere(change?: Readonly<Record<string, string>>): Promise<{ readonly alerter: Alerter; readonly url: string }>;
  /** The built alerter as a process. */
  startProcess(change?: Readonly<Record<string, string>>, args?: readonly string[]): AlerterProcess;
  /** How many messages Telegram was sent that look so. */
  told(pattern: RegExp): number;
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Ends everything. */
  end(): Promise<void>;
}

export async function createAlerterWorld(): Promise<AlerterWorld> {
  const token = `${1_000_000 + randomBytes(3).readUIntBE(0, 3)}:${randomBytes(18).toString('hex')}`;
  const [database, target, peer] = await Promise.all([
    createTestDatabase(),
    startServiceTarget(),
    startTelegramPeer({ token }),
  ]);
  const here: Alerter[] = [];
  const processes: AlerterProcess[] = [];
  const lines: string[] = [];
  const note = (message: string): void => void lines.push(message);

  const environment: AlerterWorld['environment'] = (change = {}) => ({
    DATABASE_URL: database.connectionString,
    ORACLE_HTTP_URL: target.url,
    NPS_BOT_TOKEN: token,
    NPS_CHAT_ID: '42',
    TELEGRAM_API_URL: peer.url,
    ALERTER_PORT: '0',
    ALERT_COLLECT_INTERVAL: '1',
    ALERT_CHECK_INTERVAL: '1',
    DASHBOARD_URL: 'http://dashboard.test',
    ...change,
  });

  return {
    database,
    target,
    peer,
    token,
    lines,
    environment,
    startHere: async (change) => {
      const startup = readStartup([], environment(change), (path) => readFileSync(path, 'utf8'));
      if (!('settings' in startup)) throw new Error(JSON.stringify(startup));
      const { config, settings, source } = startup;
      const alerter = createAlerter(config, {
        settings,
        source,
        log: { info: note, warn: note },
        redact,
        version: '1',
      });
      here.push(alerter);
      const { port } = await alerter.start();
      return { alerter, url: `http://127.0.0.1:${port}` };
    },
    startProcess: (change, args) => {
      const alerter = startAlerterProcess(environment(change), args);
      processes.push(alerter);
      return alerter;
    },
    told: (pattern) => peer.messages.filter(({ text }) => pattern.test(text)).length,
    query: async (sql) => {
      const client = new Client({ connectionString: database.connectionString });
      await client.connect();
      try {
        return (await client.query(sql)).rows;
      } finally {
        await client.end();
      }
    },
    end: async () => {
      await Promise.all([...here.map((alerter) => alerter.stop()), ...processes.map(({ end }) => end('SIGKILL'))]);
      await Promise.all([target.kill(), peer.stop(), database.drop()]);
    },
  };
}
