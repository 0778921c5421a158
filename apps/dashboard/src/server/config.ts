import { readFileSync } from 'node:fs';
import { SHORTEST_ACKNOWLEDGE_SECRET } from '@nps/oracle-alerts';
import { codeOf } from './code-of.js';
import { isLoopbackHost } from './loopback.js';

/** The environment as the process got it. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface BasicCredential {
  readonly user: string;
  readonly password: string;
}

export interface ProxySignIn {
  /** Lower-case name of the header that carries the user's name. */
  readonly header: string;
  /** Addresses the header is believed from. */
  readonly trusted: readonly string[];
}

/** Engines that people run already, which then answer in place of the database and the folder of logs. */
export interface EnginesConfig {
  /** Charts by PromQL, of what the alerter wrote by REMOTE_WRITE_URL. */
  readonly prometheus: { readonly url: string; readonly token: string | null } | null;
  readonly elasticsearch: { readonly url: string; readonly apiKey: string | null; readonly index: string } | null;
}

export interface SignInConfig {
  readonly token: string | null;
  readonly basic: BasicCredential | null;
  readonly proxy: ProxySignIn | null;
}

/** As the alerter reads them: ratios 0–1 (default 0.9 each), failed runs in a row (3). */
export interface Thresholds {
  readonly diskRatio: number;
  readonly memoryRatio: number;
  readonly jobFailures: number;
}

export interface DashboardConfig {
  /** Default 9000; 0 takes any free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host: string;
  /** Without it the page shows live health only. */
  readonly databaseUrl: string | null;
  /** JSON or YAML with `targets`; without it one target `oracle`. */
  readonly configPath: string | null;
  readonly oracleUrl: string;
  readonly alerterUrl: string;
  readonly logDirectory: string;
  readonly engines: EnginesConfig;
  /** How often the alerter collects, 1,000–300,000 ms; default 5,000. Older than two of these is stale. */
  readonly collectIntervalMs: number;
  /** How often the alerter judges and for how long one alert is not fired again; shown, not used. Defaults 10,000 and 300,000 ms. */
  readonly checkIntervalMs: number;
  readonly cooldownMs: number;
  /** What the alerter's built-in rules compare with; shown, not used. */
  readonly thresholds: Thresholds;
  /** The address people type, when a proxy stands in front; decides the cookie's `Secure` and the accepted `Host`. */
  readonly publicUrl: string | null;
  readonly signIn: SignInConfig;
  /** The alerter's own, which signs the links of messages; without it none is taken. */
  readonly ackLinkSecret: string | null;
  /** Whether reading needs no sign-in. Always on loopback, elsewhere only where it was asked for. */
  readonly reading: 'anonymous' | 'signed_in';
  /** Availability promised, in per cent; default 99.9. */
  readonly sloPercent: number;
  /** Everything the targets file may name as a `${VARIABLE}`. */
  readonly environment: Environment;
}

export type ConfigResult =
  | { readonly outcome: 'config'; readonly config: DashboardConfig }
  | { readonly outcome: 'faults'; readonly faults: readonly string[] };

/** Reads the environment; all faults at once. `readSecretFile` opens the `*_FILE` twins. */
export function readConfig(env: Environment, readSecretFile: (path: string) => string = readText): ConfigResult {
  const faults: string[] = [];
  const read = createReader(env, faults, readSecretFile);
  const host = read.text('DASHBOARD_HOST') ?? '127.0.0.1';
  const databaseUrl = read.secret('DATABASE_URL');
  const signIn = readSignIn(read, faults);
  const config: DashboardConfig = {
    port: read.whole('DASHBOARD_PORT', 9000, 0, 65_535),
    host,
    databaseUrl,
    configPath: read.text('NPS_CONFIG'),
    oracleUrl: read.httpUrl('ORACLE_HTTP_URL') ?? 'http://127.0.0.1:9090',
    alerterUrl: read.httpUrl('ALERTER_URL') ?? 'http://127.0.0.1:9095',
    logDirectory: read.text('LOG_DIR') ?? read.text('ORACLE_LOG_DIR') ?? '/app/logs',
    engines: readEngines(read),
    collectIntervalMs: read.seconds('ALERT_COLLECT_INTERVAL', 5, 1, 300),
    checkIntervalMs: read.seconds('ALERT_CHECK_INTERVAL', 10, 1, 300),
    cooldownMs: read.seconds('ALERT_COOLDOWN', 300, 0, 86_400),
    thresholds: {
      diskRatio: read.ratio('ALERT_THRESHOLD_DISK', 90),
      memoryRatio: read.ratio('ALERT_THRESHOLD_MEMORY', 90),
      jobFailures: read.whole('ALERT_THRESHOLD_JOB_FAILURES', 3, 1, 1000),
    },
    publicUrl: read.httpUrl('DASHBOARD_URL'),
    signIn,
    ackLinkSecret: readLinkSecret(read, faults),
    reading: isLoopbackHost(host) || read.text('DASHBOARD_ALLOW_ANONYMOUS') === 'on' ? 'anonymous' : 'signed_in',
    sloPercent: read.percent('SLO_TARGET_PERCENT', 99.9),
    // A targets file may name the database too; from a secret's file it is as good as from the variable.
    environment: databaseUrl === null ? env : { ...env, DATABASE_URL: databaseUrl },
  };
  if (config.reading === 'signed_in' && !hasSignIn(signIn)) {
    faults.push(
      `DASHBOARD_HOST is ${host}, which others can reach, and no sign-in is set: expected DASHBOARD_TOKEN, or DASHBOARD_USER with DASHBOARD_PASSWORD, or DASHBOARD_PROXY_HEADER; to show everything to everyone set DASHBOARD_ALLOW_ANONYMOUS=on`,
    );
  }
  if (config.engines.prometheus !== null && config.databaseUrl === null) {
    faults.push(
      'PROMETHEUS_URL is set without DATABASE_URL: alerts, uptime and deploys stay in PostgreSQL, so set both',
    );
  }
  return faults.length > 0 ? { outcome: 'faults', faults } : { outcome: 'config', config: Object.freeze(config) };
}

/** Whether any way to sign in exists. */
export function hasSignIn(signIn: SignInConfig): boolean {
  return signIn.token !== null || signIn.basic !== null || signIn.proxy !== null;
}

function readEngines(read: Reader): EnginesConfig {
  const prometheus = read.httpUrl('PROMETHEUS_URL', read.secret('PROMETHEUS_URL'));
  const elasticsearch = read.httpUrl('ELASTICSEARCH_URL', read.secret('ELASTICSEARCH_URL'));
  const token = read.secret('PROMETHEUS_TOKEN');
  const apiKey = read.secret('ELASTICSEARCH_API_KEY');
  const index = read.text('ELASTICSEARCH_INDEX') ?? 'nps-logs-*';
  return {
    prometheus: prometheus === null ? null : { url: prometheus, token },
    elasticsearch: elasticsearch === null ? null : { url: elasticsearch, apiKey, index },
  };
}

function readLinkSecret(read: Reader, faults: string[]): string | null {
  const secret = read.secret('ACK_LINK_SECRET');
  if (secret !== null && secret.length < SHORTEST_ACKNOWLEDGE_SECRET) {
    faults.push(
      `ACK_LINK_SECRET: expected at least ${SHORTEST_ACKNOWLEDGE_SECRET} characters, the alerter’s own; make one with \`openssl rand -hex 32\``,
    );
  }
  return secret;
}

function readSignIn(read: Reader, faults: string[]): SignInConfig {
  const token = read.secret('DASHBOARD_TOKEN');
  if (token !== null && token.length < 16) {
    faults.push(
      'DASHBOARD_TOKEN: expected at least 16 characters, because it can be tried from outside; make one with `openssl rand -hex 24`',
    );
  }
  const user = read.text('DASHBOARD_USER');
  const password = read.secret('DASHBOARD_PASSWORD');
  if ((user === null) !== (password === null))
    faults.push('DASHBOARD_USER and DASHBOARD_PASSWORD: expected both or none');
  if (password !== null && password.length < 8) faults.push('DASHBOARD_PASSWORD: expected at least 8 characters');
  const header = read.text('DASHBOARD_PROXY_HEADER');
  if (header !== null && !/^[A-Za-z0-9-]{1,60}$/.test(header))
    faults.push('DASHBOARD_PROXY_HEADER: expected a header name such as X-Forwarded-User');
  const trusted = (read.text('DASHBOARD_TRUSTED_PROXIES') ?? '127.0.0.1,::1')
    .split(',')
    .map((address) => address.trim());
  return {
    token,
    basic: user !== null && password !== null ? { user, password } : null,
    proxy: header === null ? null : { header: header.toLowerCase(), trusted },
  };
}

interface Reader {
  text(name: string): string | null;
  secret(name: string): string | null;
  whole(name: string, otherwise: number, minimum: number, maximum: number): number;
  /** Written in seconds, answered in milliseconds. */
  seconds(name: string, otherwise: number, minimum: number, maximum: number): number;
  /** An open percentage, as promises are. */
  percent(name: string, otherwise: number): number;
  /** Written as a percentage of 2 to 100, answered as a ratio. */
  ratio(name: string, otherwise: number): number;
  httpUrl(name: string, raw?: string | null): string | null;
}

function createReader(env: Environment, faults: string[], readSecretFile: (path: string) => string): Reader {
  const text = (name: string): string | null => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  };
  const numeric = (name: string, otherwise: number, accepts: (value: number) => boolean, expected: string): number => {
    const raw = text(name);
    if (raw === null) return otherwise;
    const value = /^\d{1,9}(\.\d{1,6})?$/.test(raw) ? Number(raw) : Number.NaN;
    if (accepts(value)) return value;
    faults.push(`${name} is ${JSON.stringify(raw)}: expected ${expected}`);
    return otherwise;
  };
  return {
    text,
    secret: (name) => text(name) ?? readTwin(name, text(`${name}_FILE`), faults, readSecretFile),
    whole: (name, otherwise, minimum, maximum) =>
      numeric(
        name,
        otherwise,
        (value) => Number.isInteger(value) && value >= minimum && value <= maximum,
        `a whole number from ${minimum} to ${maximum}`,
      ),
    seconds: (name, otherwise, minimum, maximum) =>
      1000 *
      numeric(
        name,
        otherwise,
        (value) => value >= minimum && value <= maximum,
        `seconds from ${minimum} to ${maximum}`,
      ),
    ratio: (name, otherwise) =>
      numeric(name, otherwise, (value) => value >= 2 && value <= 100, 'a percentage from 2 to 100') / 100,
    percent: (name, otherwise) =>
      numeric(name, otherwise, (value) => value > 0 && value < 100, 'a percentage above 0 and below 100, such as 99.9'),
    httpUrl: (name, raw = text(name)) => {
      if (raw === null) return null;
      const url = URL.canParse(raw) ? new URL(raw) : null;
      if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return raw.replace(/\/+$/, '');
      faults.push(`${name}: expected an address such as http://127.0.0.1:9090`);
      return null;
    },
  };
}

function readTwin(
  name: string,
  path: string | null,
  faults: string[],
  readSecretFile: (path: string) => string,
): string | null {
  if (path === null) return null;
  try {
    const value = readSecretFile(path).trim();
    if (value !== '') return value;
    faults.push(`${name}_FILE: expected a file with the secret in it, the file is empty`);
  } catch (cause) {
    faults.push(`${name}_FILE: expected a readable file (${codeOf(cause) ?? 'unreadable'})`);
  }
  return null;
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
