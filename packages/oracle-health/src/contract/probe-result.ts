import type { HealthReport, ServiceStatus } from './report.js';

/** Why a probe brought no report. */
export const failureReasons = [
  'refused',
  'timeout',
  'dns',
  'tls',
  'reset',
  'malformed',
  'oversize',
  'redirect',
  'http_5xx',
  'http_4xx',
  'unreachable',
  'auth',
  'not_serving',
] as const;

/** A reason from {@link failureReasons}. */
export type FailureReason = (typeof failureReasons)[number];

/** The target answered. */
export interface Report {
  readonly outcome: 'report';
  readonly status: ServiceStatus;
  /** What the target said of itself; `null` for kinds other than `service`. */
  readonly health: HealthReport | null;
  readonly latencyMs: number;
  /** When the answer was complete, ISO 8601 UTC. */
  readonly at: string;
}

/** The target did not answer, or not in a way that counts. */
export interface Failure {
  readonly outcome: 'failure';
  readonly reason: FailureReason;
  /** For people; holds no host, user, password or path. */
  readonly message: string;
  readonly latencyMs: number;
  readonly at: string;
}

/** What a probe returns. */
export type ProbeResult = Report | Failure;
