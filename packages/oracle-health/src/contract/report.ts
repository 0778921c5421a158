/** What a service says of itself: works wholly (`healthy`), in part (`degraded`), or not at all (`down`). */
export type ServiceStatus = 'healthy' | 'degraded' | 'down';

/** One check's result. `skipped` (for example: no API key) never counts against the service. */
export type CheckStatus = 'ok' | 'warning' | 'error' | 'skipped';

/** The closed list of reasons a public answer may give; everything more precise stays behind the token. */
export const errorClasses = [
  'AUTH',
  'TIMEOUT',
  'DNS',
  'REFUSED',
  'TLS',
  'RESET',
  'UNREACHABLE',
  'REDIRECT',
  'HTTP_4XX',
  'HTTP_5XX',
  'MALFORMED',
  'OVERSIZE',
  'EXHAUSTED',
  'RATE_LIMITED',
  'NOT_FOUND',
  'NOT_SERVING',
  'LOADING',
  'READ_ONLY',
  'BLOCKED',
  'THRESHOLD',
  'MISMATCH',
  'EXPIRED',
  'UNKNOWN',
] as const;

/** A reason from {@link errorClasses}. */
export type ErrorClass = (typeof errorClasses)[number];

/** One dependency or resource as `GET /health` shows it. Instants are ISO 8601 UTC. */
export interface CheckReport {
  readonly status: CheckStatus;
  /** Milliseconds the last run took. */
  readonly latency_ms?: number;
  /** Whether the service cannot do its work without it; `down` needs every critical check to fail. */
  readonly critical?: boolean;
  /** Whether its failure alone makes the service `down`. */
  readonly fatal?: boolean;
  /** When the present status began. */
  readonly since?: string;
  /** When it was last `ok` or `warning`; `null` when it never was. */
  readonly last_ok_at?: string | null;
  /** When the last run ended. */
  readonly checked_at?: string;
  readonly error?: ErrorClass;
  /** What was measured: a ratio 0–1, a count, days … */
  readonly value?: number;
  readonly unit?: string;
  /** Exact cause; only in answers to a request that carries the token. */
  readonly detail?: string;
}

/** The body of `GET /health`. */
export interface HealthReport {
  readonly status: ServiceStatus;
  /** When this report was made, ISO 8601 UTC. */
  readonly timestamp: string;
  readonly service: string;
  readonly version: string;
  readonly uptime_seconds: number;
  readonly checks: Readonly<Record<string, CheckReport>>;
}
