import { createHealth, defineCheck, startSidecar } from '@nps/oracle-health';
import { createMetrics } from '@nps/oracle-metrics';

/** A service that really answers, as the packages make it. */
export interface LiveService {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param database what its database check says */
export async function startLiveService(service: string, database: 'ok' | 'error' = 'ok'): Promise<LiveService> {
  const metrics = createMetrics({ service });
  for (let turn = 1; turn <= 20; turn += 1) metrics.recordReadingTime(turn * 10);
  const health = createHealth({
    service,
    version: '9.9.9',
    checks: [
      defineCheck({ name: 'database', critical: true, run: () => Promise.resolve({ status: database }) }),
      defineCheck({ name: 'cache', critical: true, run: () => Promise.resolve({ status: 'ok' }) }),
    ],
  });
  const sidecar = await startSidecar({ health, metrics, port: 0, host: '127.0.0.1' });
  return {
    url: `http://127.0.0.1:${sidecar.port}`,
    async stop() {
      await sidecar.stop();
      await health.stop();
    },
  };
}
