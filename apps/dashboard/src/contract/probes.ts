/** What an orchestrator's probe is answered. */
export interface ProbeReply {
  readonly status: 'healthy' | 'unhealthy';
  readonly healthy: boolean;
  readonly checks: Readonly<Record<string, boolean | number | string>>;
}
