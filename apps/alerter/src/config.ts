import { SHORTEST_ACKNOWLEDGE_SECRET } from '@nps/oracle-alerts';

/** What the environment may say, read once. Variables and defaults are listed in the README. */

/** Percentages of the environment as ratios from 0 to 1, and the number of failed runs that make a job an alert. */
export interface Thresholds {
  readonly diskRatio: number;
  readonly memoryRatio: number;
  readonly jobFailures: number;
}

/** Where the outward heartbeat (dead man's switch) goes, and how often. */
export interface HeartbeatConfig {
  readonly url: string;
  readonly intervalMs: number;
}

/** An engine that history is also sent to, by Prometheus remote write. */
export interface RemoteWriteConfig {
  readonly url: string;
  readonly token: string | null;
}

/** Everything the alerter reads from its environment; frozen. */
export interface AlerterConfig {
  /** PostgreSQL; null keeps everything in memory and says so loudly. */
  readonly databaseUrl: string | null;
  /** The single target when no configuration file is given. */
  readonly oracleHttpUrl: string;
  /** The configuration file with targets, rules, channels and routes; null when there is none. */
  readonly configPath: string | null;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly collectIntervalMs: number;
  readonly checkIntervalMs: number;
  readonly cooldownMs: number;
  readonly thresholds: Thresholds;
  /** Base of the links in messages; null leaves them out. */
  readonly dashboardUrl: string | null;
  /** Signs the links by which fires are acknowledged; the dashboard has the same. Null leaves them out. */
  readonly ackLinkSecret: string | null;
  readonly heartbeat: HeartbeatConfig | null;
  /** Endpoints that tell whether this machine's own network works, `tcp://host:port` or http(s) URLs. */
  readonly connectivityUrls: readonly string[];
  /** Stable name of this replica; null takes a random one. */
  readonly name: string | null;
  /** Where other replicas reach this one's port; null derives it. */
  readonly advertiseUrl: string | null;
  /** Opens the details of the alerter's own /health; null keeps them closed. */
  readonly healthToken: string | null;
  readonly remoteWrite: RemoteWriteConfig | null;
  readonly logLevel: string;
  /** Where log files go; null logs to standard output only. */
  readonly logDirectory: string | null;
  /** The environment itself, for `${VARIABLE}` in the configuration file and for the channels it configures. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Either a whole configuration or every fault at once, each a sentence. */
export type ConfigResult = { readonly config: AlerterConfig } | { readonly faults: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment. Pure: `_FILE` twins are resolved beforehand (see secret-files.ts).
 * @param configPath the value of `--config`, which goes before `NPS_CONFIG`
 */
export function readConfig(env: Environment, configPath: string | null = null): ConfigResult {
  const read = createReader(env);
  const heartbeatUrl = read.url('ALERT_HEARTBEAT_URL', HTTP, null);
  const heartbeatIntervalMs = read.seconds('ALERT_HEARTBEAT_INTERVAL', 60, 5, 3600);
  const remoteWriteUrl = read.url('REMOTE_WRITE_URL', HTTP, null);
  const remoteWriteToken = read.text('REMOTE_WRITE_TOKEN');
  const config: AlerterConfig = {
    databaseUrl: read.url('DATABASE_URL', POSTGRES, null),
    oracleHttpUrl: read.url('ORACLE_HTTP_URL', HTTP, 'http://oracle-service:9090'),
    configPath: configPath ?? read.text('NPS_CONFIG'),
    host: read.text('ALERTER_HOST') ?? '127.0.0.1',
    port: read.integer('ALERTER_PORT', 9095, 0, 65_535),
    collectIntervalMs: read.seconds('ALERT_COLLECT_INTERVAL', 5, 1, 300),
    checkIntervalMs: read.seconds('ALERT_CHECK_INTERVAL', 10, 1, 300),
    cooldownMs: read.seconds('ALERT_COOLDOWN', 300, 0, 86_400),
    thresholds: Object.freeze({
      diskRatio: read.percentage('ALERT_THRESHOLD_DISK', 90),
      memoryRatio: read.percentage('ALERT_THRESHOLD_MEMORY', 90),
      jobFailures: read.integer('ALERT_THRESHOLD_JOB_FAILURES', 3, 1, 1000),
    }),
    dashboardUrl: read.url('DASHBOARD_URL', HTTP, null),
    ackLinkSecret: read.secret('ACK_LINK_SECRET', SHORTEST_ACKNOWLEDGE_SECRET),
    heartbeat: heartbeatUrl === null ? null : Object.freeze({ url: heartbeatUrl, intervalMs: heartbeatIntervalMs }),
    connectivityUrls: read.urls('ALERT_CONNECTIVITY_URLS', [...HTTP, 'tcp:']),
    name: read.text('ALERTER_NAME'),
    advertiseUrl: read.url('ALERTER_ADVERTISE_URL', HTTP, null),
    healthToken: read.text('HEALTH_TOKEN'),
    remoteWrite: remoteWriteUrl === null ? null : Object.freeze({ url: remoteWriteUrl, token: remoteWriteToken }),
    logLevel: read.word('LOG_LEVEL', LOG_LEVELS, 'INFO'),
    logDirectory: read.text('LOG_DIR'),
    variables: Object.freeze(definedVariables(env)),
  };
  return read.faults.length > 0 ? { faults: read.faults } : { config: Object.freeze(config) };
}

const HTTP = ['http:', 'https:'];
const POSTGRES = ['postgres:', 'postgresql:'];
const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'WARNING', 'ERROR', 'CRITICAL'];

interface Reader {
  readonly faults: readonly string[];
  text(name: string): string | null;
  secret(name: string, shortest: number): string | null;
  word(name: string, words: readonly string[], fallback: string): string;
  integer(name: string, fallback: number, min: number, max: number): number;
  seconds(name: string, fallback: number, min: number, max: number): number;
  percentage(name: string, fallback: number): number;
  url<Fallback extends string | null>(
    name: string,
    protocols: readonly string[],
    fallback: Fallback,
  ): string | Fallback;
  urls(name: string, protocols: readonly string[]): readonly string[];
}

function createReader(env: Environment): Reader {
  const faults: string[] = [];
  const text = (name: string): string | null => env[name]?.trim() || null;
  const number = (name: string, fallback: number, min: number, max: number, what: string, whole: boolean): number => {
    const raw = text(name);
    if (raw === null) return fallback;
    const value = /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : Number.NaN;
    const fits = value >= min && value <= max && (!whole || Number.isInteger(value));
    if (!fits) faults.push(`${name}: expected ${what} from ${min} to ${max} (default ${fallback}), got ${quoted(raw)}`);
    return fits ? value : fallback;
  };
  const checkedUrl = (name: string, raw: string, protocols: readonly string[]): string => {
    const protocol = URL.canParse(raw) ? new URL(raw).protocol : null;
    // The value itself may carry a password, so the fault names the variable and never repeats it.
    if (protocol === null || !protocols.includes(protocol)) {
      faults.push(
        `${name}: expected a URL starting with ${protocols.map((word) => `${word}//`).join(' or ')}, got something else`,
      );
    }
    return raw;
  };
  return {
    faults,
    text,
    secret: (name, shortest) => {
      const value = text(name);
      if (value !== null && value.length < shortest)
        faults.push(`${name}: expected at least ${shortest} characters; make one with \`openssl rand -hex 32\``);
      return value;
    },
    word: (name, words, fallback) => {
      const value = (text(name) ?? fallback).toUpperCase();
      if (!words.includes(value)) faults.push(`${name}: expected one of ${words.join(', ')}, got ${quoted(value)}`);
      return value;
    },
    integer: (name, fallback, min, max) => number(name, fallback, min, max, 'a whole number', true),
    seconds: (name, fallback, min, max) => Math.round(number(name, fallback, min, max, 'seconds', false) * 1000),
    // From 2 on: 0.9 would be taken for nine tenths of the disk by one reader and of a per cent by another.
    percentage: (name, fallback) => number(name, fallback, 2, 100, 'a percentage', false) / 100,
    url: (name, protocols, fallback) => {
      const raw = text(name);
      return raw === null ? fallback : checkedUrl(name, raw, protocols);
    },
    urls: (name, protocols) =>
      Object.freeze(
        (text(name) ?? '')
          .split(/[\s,]+/)
          .filter(Boolean)
          .map((raw) => checkedUrl(name, raw, protocols)),
      ),
  };
}

/** Cut short, since whatever stands in a variable by mistake may be long or secret. */
function quoted(raw: string): string {
  return JSON.stringify(raw.length > 24 ? `${raw.slice(0, 24)}…` : raw);
}

function definedVariables(env: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
