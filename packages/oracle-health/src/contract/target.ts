/** What kinds of target a probe can visit. */
export const targetKinds = ['service', 'prometheus', 'http', 'tcp', 'grpc', 'postgres', 'redis'] as const;

/** A kind from {@link targetKinds}. `service` speaks our `GET /health` JSON. */
export type TargetKind = (typeof targetKinds)[number];

/** One thing to watch, as the operator's file names it. */
export interface Target {
  /** Unique; letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  readonly kind: TargetKind;
  /**
   * `http(s)://…`, `tcp://host:port`, `tls://host:port`, `grpc(s)://host:port[/service]`, `postgres://…`, `redis(s)://…`.
   * In the file it may hold `${VARIABLE}`; here it is resolved and therefore secret: show `publicAddress(target)` instead.
   */
  readonly url: string;
  /** Path of the health report for `service`. Default `/health`. */
  readonly healthPath?: string;
  /** Path of the metrics for `service` (default `/metrics.json`); `prometheus` uses its url. */
  readonly metricsPath?: string;
  /** Total time a probe may take, in milliseconds. Default 2000, range 100–10000. */
  readonly timeoutMs?: number;
  /** HTTP status that counts as good for `http`. Default: every 2xx. */
  readonly expectStatus?: number;
  /** Text the body must contain, for `http`. */
  readonly bodyMatch?: string;
  /** Names of targets this one cannot work without. */
  readonly dependsOn?: readonly string[];
  /** Name of the environment variable that holds a bearer token. */
  readonly tokenVariable?: string;
  /** The token itself, put here by `parseTargets`; secret, never in a file. */
  readonly token?: string;
  readonly displayName?: string;
}

/** The target's address without user, password, path or query: what may be shown to people. */
export function publicAddress(target: Pick<Target, 'url'>): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?([^/?#@]*)/i.exec(target.url);
  return match ? `${match[1]}://${match[2]}` : '';
}
