import type { ConnectionOptions } from 'node:tls';
import { classify } from '../connection/classify.js';
import { withDeadline } from '../connection/deadline.js';
import { createResolver, type Resolver } from '../connection/resolver.js';
import type { ConnectionContext } from '../connection/socket.js';
import type { Failure, ProbeResult, Target, TargetKind } from '../contract/index.js';
import { HealthError } from '../errors.js';
import { reasonByClass, textByClass } from './failure-text.js';
import { probeGrpc, probePostgres, probeRedis, probeTcp } from './probe-server.js';
import { type Finding, probeHttp, probePrometheus, probeService } from './probe-service.js';

/** Settings of one probe. */
export interface ProbeOptions {
  /** Ends the probe early. */
  readonly signal?: AbortSignal | undefined;
  /** Shares answers of DNS among probes. Default: a resolver for this probe alone. */
  readonly resolver?: Resolver;
  /** Certificate authorities, client certificate … */
  readonly tls?: ConnectionOptions;
}

/** Visits targets; its DNS cache lives as long as it does. */
export interface Prober {
  probe(target: Target, options?: Pick<ProbeOptions, 'signal'>): Promise<ProbeResult>;
}

const defaultTimeoutMs = 2_000;

const visitors: Readonly<Record<TargetKind, (target: Target, context: ConnectionContext) => Promise<Finding>>> = {
  service: probeService,
  prometheus: probePrometheus,
  http: probeHttp,
  tcp: probeTcp,
  grpc: probeGrpc,
  postgres: probePostgres,
  redis: probeRedis,
};

/**
 * Visits a target once, within `target.timeoutMs` (2 s) in total, on a connection of its own.
 * Never rejects: a visit that fails is an outcome, with a reason from a closed list.
 */
export async function probe(target: Target, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { signal, resolver = createResolver(), tls } = options;
  const startedAt = performance.now();
  const timeoutMs = target.timeoutMs ?? defaultTimeoutMs;
  const stamp = () => ({
    latencyMs: Math.round((performance.now() - startedAt) * 10) / 10,
    at: new Date().toISOString(),
  });
  try {
    const finding = await withDeadline(timeoutMs, signal, (total) =>
      visitorOf(target)(target, { signal: total, resolver, ...(tls ? { tls } : {}) }),
    );
    return { outcome: 'report', ...finding, ...stamp() };
  } catch (error) {
    return { outcome: 'failure', ...describeFailure(error), ...stamp() };
  }
}

/** A prober whose probes share one resolver: what a collector of many targets wants. */
export function createProber(options: Omit<ProbeOptions, 'signal'> = {}): Prober {
  const resolver = options.resolver ?? createResolver();
  return { probe: (target, { signal } = {}) => probe(target, { ...options, resolver, signal }) };
}

function visitorOf({ kind }: Target) {
  if (Object.hasOwn(visitors, kind)) return visitors[kind];
  throw new HealthError('INVALID_OPTION', `There is no kind of target called ${kind}`);
}

// What a target can be that did not come out of `parseTargets`.
const malformedTarget: ReadonlySet<unknown> = new Set(['INVALID_OPTION', 'ERR_INVALID_URL', 'ERR_SOCKET_BAD_PORT']);

function describeFailure(error: unknown): Pick<Failure, 'reason' | 'message'> {
  if (error instanceof HealthError && error.code === 'PEER_MISSING')
    return { reason: 'unreachable', message: error.message };
  if (malformedTarget.has((error as { readonly code?: unknown } | null)?.code))
    return { reason: 'unreachable', message: 'the kind or url of the target cannot be used' };
  const errorClass = classify(error);
  return { reason: reasonByClass[errorClass], message: textByClass[errorClass] + statusOf(error) };
}

// Our own texts about a status hold nothing but the number.
function statusOf(error: unknown): string {
  const match = error instanceof HealthError ? /HTTP status (\d{1,3})$/.exec(error.message) : null;
  return match ? ` (${match[1]})` : '';
}
