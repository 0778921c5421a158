import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { LauncherError } from './errors.js';

export type Watched =
  | { readonly kind: 'demo' }
  | { readonly kind: 'oracle'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

export interface LauncherConfig {
  /** The checkout's root: apps are started from below it. */
  readonly root: string;
  /** Database, logs and run state; `.data` in the root. */
  readonly dataDirectory: string;
  /** A PostgreSQL of the user's own; undefined starts the embedded one. */
  readonly databaseUrl: string | undefined;
  /** `demo` runs the reference Oracle; `oracle` watches ORACLE_HTTP_URL; `file` watches the targets of --config. */
  readonly watch: Watched;
  readonly ports: Readonly<Record<PortName, number>>;
  readonly telegram: boolean;
  /** Operations per minute of the demo's load; default 60. */
  readonly loadPerMinute: number;
  /** What the apps inherit. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
}

/** Every port we open: the variable that moves it and its default. */
export const PORTS = {
  oracleApi: { variable: 'ORACLE_API_PORT', port: 8000, owner: 'the demo Oracle (HTTP API)' },
  oracleSidecar: { variable: 'ORACLE_HTTP_PORT', port: 9090, owner: 'the demo Oracle (health and metrics)' },
  oracleGrpc: { variable: 'ORACLE_GRPC_PORT', port: 50052, owner: 'the demo Oracle (gRPC)' },
  alerter: { variable: 'ALERTER_PORT', port: 9095, owner: 'the alerter' },
  dashboard: { variable: 'DASHBOARD_PORT', port: 9000, owner: 'the dashboard' },
} as const;
export type PortName = keyof typeof PORTS;

export const USAGE = `npm start                        the demo: database, reference Oracle under load, alerter, dashboard
npm start -- --config FILE       watch the targets of your own file instead (JSON or YAML)
ORACLE_HTTP_URL=… npm start      watch a real Oracle instead of the demo
DATABASE_URL=postgres://…        use your PostgreSQL instead of the embedded one
NPS_BOT_TOKEN=… NPS_CHAT_ID=…    send alerts to Telegram
${Object.values(PORTS)
  .map(({ variable, port, owner }) => `${`${variable}=${port}`.padEnd(33)}${owner}`)
  .join('\n')}`;

/** @throws LauncherError `BAD_ARGUMENT` with every fault found */
export function readConfig(
  argv: readonly string[],
  environment: Readonly<NodeJS.ProcessEnv>,
  root: string,
): LauncherConfig {
  const faults: string[] = [];
  const file = readArguments(argv, faults);
  const path = file === undefined ? undefined : resolve(environment['INIT_CWD'] ?? root, file);
  if (path !== undefined && !existsSync(path))
    faults.push(`--config ${file}: there is no such file (looked at ${path})`);
  const url = environment['ORACLE_HTTP_URL'];
  if (url !== undefined && !URL.canParse(url)) faults.push(`ORACLE_HTTP_URL is no URL: ${JSON.stringify(url)}`);
  const ports = Object.fromEntries(
    Object.entries(PORTS).map(([name, { variable, port }]) => [
      name,
      readWhole(environment, variable, port, 65_535, faults),
    ]),
  ) as Record<PortName, number>;
  const loadPerMinute = readWhole(environment, 'LOAD_PER_MINUTE', 60, 60_000, faults);
  if (faults.length > 0) throw new LauncherError('BAD_ARGUMENT', `${faults.join('; ')}.\n\n${USAGE}`);
  return Object.freeze({
    root,
    dataDirectory: resolve(root, environment['NPS_DATA_DIR'] ?? '.data'),
    databaseUrl: environment['DATABASE_URL'] || undefined,
    watch: chooseWatched(path, url),
    ports,
    telegram: Boolean(environment['NPS_BOT_TOKEN'] || environment['NPS_BOT_TOKEN_FILE']),
    loadPerMinute,
    environment,
  });
}

function chooseWatched(path: string | undefined, url: string | undefined): Watched {
  if (path) return { kind: 'file', path };
  return url ? { kind: 'oracle', url } : { kind: 'demo' };
}

function readArguments(argv: readonly string[], faults: string[]): string | undefined {
  let file: string | undefined;
  for (let i = 0; i < argv.length; i++) {
    const [name, inline] = (argv[i] ?? '').split(/=(.*)/s);
    if (name !== '--config') faults.push(`unknown argument ${JSON.stringify(argv[i])}`);
    else if (!(file = inline ?? argv[++i])) faults.push('--config wants a file name');
  }
  return file;
}

function readWhole(
  environment: Readonly<NodeJS.ProcessEnv>,
  variable: string,
  fallback: number,
  most: number,
  faults: string[],
): number {
  const text = environment[variable];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  faults.push(`${variable} must be a whole number from 0 to ${most}, not ${JSON.stringify(text)}`);
  return fallback;
}
