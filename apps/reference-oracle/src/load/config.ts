import { OracleError } from '../errors.js';
import type { SenderConfig } from './clients.js';

/** What the load generator reads from its environment; frozen. */
export interface LoadConfig extends SenderConfig {
  readonly perMinute: number;
  readonly seed: number;
  /** Stops by itself after this long; 0 goes on until it is told to stop. */
  readonly durationMs: number;
  readonly logLevel: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Longer than the `slow` fault holds an operation by default. */
const TIMEOUT_MS = 30_000;

/** The environment of this process. */
export function readEnvironment(): Environment {
  return process.env;
}

/** @throws OracleError CONFIGURATION naming every fault at once */
export function readLoadConfig(env: Environment): LoadConfig {
  const faults: string[] = [];
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const raw = env[name]?.trim() || String(fallback);
    const value = /^\d{1,10}$/.test(raw) ? Number(raw) : Number.NaN;
    if (value >= min && value <= max) return value;
    faults.push(
      `${name}: expected a whole number from ${min} to ${max} (default ${fallback}), got ${JSON.stringify(raw)}`,
    );
    return fallback;
  };
  const apiUrl = env['ORACLE_API_URL']?.trim() || 'http://127.0.0.1:8000';
  const isUrl = URL.canParse(apiUrl) && ['http:', 'https:'].includes(new URL(apiUrl).protocol);
  if (!isUrl) faults.push('ORACLE_API_URL: expected a URL that begins with http:// or https://, got something else');
  const host = isUrl ? new URL(apiUrl).hostname : '127.0.0.1';
  const grpcAddress =
    env['ORACLE_GRPC_ADDRESS']?.trim().replace(/^grpc:\/\//, '') ||
    `${host}:${integer('ORACLE_GRPC_PORT', 50_052, 1, 65_535)}`;
  if (!/^[^\s/]+:\d{1,5}$/.test(grpcAddress)) faults.push('ORACLE_GRPC_ADDRESS: expected host:port');
  const config = Object.freeze({
    apiUrl: apiUrl.replace(/\/+$/, ''),
    grpcAddress,
    timeoutMs: TIMEOUT_MS,
    perMinute: integer('LOAD_PER_MINUTE', 30, 1, 60_000),
    seed: integer('LOAD_SEED', 1, 0, 4_294_967_295),
    durationMs: integer('LOAD_DURATION', 0, 0, 86_400) * 1000,
    logLevel: env['LOG_LEVEL']?.trim() || null,
  });
  if (faults.length > 0) throw new OracleError('CONFIGURATION', faults.join('; '));
  return config;
}
