import { readFileSync } from 'node:fs';
import { messageOf, OracleError } from './errors.js';
import type { AiConfig } from './interpreter.js';

/** Everything the Oracle reads from its environment; frozen. */
export interface OracleConfig {
  readonly databaseUrl: string;
  /** Address every server binds. */
  readonly host: string;
  /** 0 takes any free port, here and below. */
  readonly grpcPort: number;
  readonly apiPort: number;
  readonly sidecarPort: number;
  /** Null: readings are worded by the table of meanings alone. */
  readonly ai: AiConfig | null;
  /** Where log files go; null leaves it to the logger's own default. */
  readonly logDirectory: string | null;
  readonly logLevel: string;
  readonly environment: string;
  /** Opens the details of /health; null keeps them closed. */
  readonly healthToken: string | null;
  readonly faults: 'on' | 'off';
  /** Time between runs of the daily-insight job. */
  readonly jobIntervalMs: number;
  /** Time between "not ready" and the closing of the servers, so that load balancers can turn away. */
  readonly drainMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables whose value may stand in the file named by their `_FILE` twin (Docker and Kubernetes secrets). */
const SECRETS = ['DATABASE_URL', 'ANTHROPIC_API_KEY', 'HEALTH_TOKEN'] as const;
const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'];

/** The environment of this process. */
export function readEnvironment(): Environment {
  return process.env;
}

/**
 * Reads the environment; variables and defaults are listed in the README.
 * @param readText reads a secret's file; replaced in tests
 * @throws OracleError CONFIGURATION naming every fault at once
 */
export function readConfig(given: Environment, readText: (path: string) => string = readUtf8): OracleConfig {
  const faults: string[] = [];
  const env = { ...given, ...readSecretFiles(given, readText, faults) };
  const read = createReader(env, faults);
  const config = Object.freeze({
    databaseUrl: read.url('DATABASE_URL', ['postgres:', 'postgresql:'], null),
    host: read.text('ORACLE_HOST') ?? '127.0.0.1',
    grpcPort: read.integer('ORACLE_GRPC_PORT', 50_052, 0, 65_535),
    apiPort: read.integer('ORACLE_API_PORT', 8000, 0, 65_535),
    sidecarPort: read.integer('ORACLE_HTTP_PORT', 9090, 0, 65_535),
    ai: readAi(read),
    logDirectory: read.text('ORACLE_LOG_DIR') ?? read.text('LOG_DIR'),
    logLevel: read.word(env['ORACLE_LOG_LEVEL'] ? 'ORACLE_LOG_LEVEL' : 'LOG_LEVEL', LOG_LEVELS, 'INFO'),
    environment: read.text('NODE_ENV') ?? 'development',
    healthToken: read.text('HEALTH_TOKEN'),
    faults: read.word('ORACLE_FAULTS', ['on', 'off'], 'off') as 'on' | 'off',
    jobIntervalMs: read.integer('ORACLE_JOB_INTERVAL', 3600, 1, 86_400) * 1000,
    drainMs: read.integer('ORACLE_DRAIN_MS', 500, 0, 5000),
  });
  if (faults.length > 0) throw new OracleError('CONFIGURATION', faults.join('; '));
  return config;
}

function readAi(read: Reader): AiConfig | null {
  const apiKey = read.text('ANTHROPIC_API_KEY');
  const ai = {
    url: read.url('AI_API_URL', ['http:', 'https:'], 'https://api.anthropic.com'),
    model: read.text('AI_MODEL') ?? 'claude-haiku-4-5',
    timeoutMs: read.integer('AI_TIMEOUT', 20, 1, 120) * 1000,
    callsPerHour: read.integer('AI_CALLS_PER_HOUR', 60, 0, 1_000_000),
  };
  return apiKey === null ? null : Object.freeze({ ...ai, apiKey });
}

interface Reader {
  text(name: string): string | null;
  word(name: string, words: readonly string[], fallback: string): string;
  integer(name: string, fallback: number, min: number, max: number): number;
  /** Without a fallback the variable is required. */
  url(name: string, protocols: readonly string[], fallback: string | null): string;
}

function createReader(env: Environment, faults: string[]): Reader {
  const text = (name: string): string | null => env[name]?.trim() || null;
  return {
    text,
    word: (name, words, fallback) => {
      const value = text(name) ?? fallback;
      const word = words.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
      if (word === undefined)
        faults.push(`${name}: expected one of ${words.join(', ')} (default ${fallback}), got ${JSON.stringify(value)}`);
      return word ?? fallback;
    },
    integer: (name, fallback, min, max) => {
      const raw = text(name);
      if (raw === null) return fallback;
      const value = /^\d{1,9}$/.test(raw) ? Number(raw) : Number.NaN;
      if (value >= min && value <= max) return value;
      faults.push(
        `${name}: expected a whole number from ${min} to ${max} (default ${fallback}), got ${JSON.stringify(raw)}`,
      );
      return fallback;
    },
    url: (name, protocols, fallback) => {
      const value = text(name) ?? fallback;
      const protocol = value !== null && URL.canParse(value) ? new URL(value).protocol : null;
      if (protocol !== null && protocols.includes(protocol)) return value ?? '';
      // The value may carry a password, so the fault never repeats it.
      const got = value === null ? 'nothing' : 'something else';
      faults.push(
        `${name}: expected a URL that begins with ${protocols.map((word) => `${word}//`).join(' or ')}, got ${got}`,
      );
      return '';
    },
  };
}

function readSecretFiles(env: Environment, readText: (path: string) => string, faults: string[]): Environment {
  const found: Record<string, string> = {};
  for (const name of SECRETS) {
    const path = env[`${name}_FILE`];
    if (env[name] || !path) continue;
    try {
      found[name] = readText(path).replace(/\r?\n$/, '');
    } catch (error) {
      faults.push(`${name}_FILE: cannot read the file it names (${messageOf(error)})`);
    }
  }
  return found;
}

function readUtf8(path: string): string {
  return readFileSync(path, 'utf8');
}
