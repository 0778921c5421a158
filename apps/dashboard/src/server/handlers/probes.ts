import type { ProbeReply } from '../../contract/probes.js';
import type { Answer, Handlers } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';

/** What an orchestrator asks. `phase` is `stopping` from the stop signal on: the balancer should look elsewhere. */
export function createProbeHandlers({
  survey,
  phase,
}: Pick<HandlerDeps, 'survey' | 'phase'>): Pick<Handlers, 'healthz' | 'livez' | 'readyz'> {
  return {
    livez: () => answer({ process: true }),
    readyz: () => answer({ running: phase() === 'running', looked_around: survey.latest() !== null }),
    healthz: () =>
      answer({ looked_around: survey.latest() !== null, database: survey.latest()?.database.state !== 'away' }),
  };
}

function answer(checks: Readonly<Record<string, boolean>>): Answer<ProbeReply> {
  const healthy = Object.values(checks).every(Boolean);
  return { status: healthy ? 200 : 503, body: { status: healthy ? 'healthy' : 'unhealthy', healthy, checks } };
}
