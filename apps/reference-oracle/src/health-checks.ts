import {
  aiApiCheck,
  type CheckOptions,
  diskCheck,
  eventLoopCheck,
  memoryCheck,
  postgresCheck,
} from '@nps/oracle-health';
import type { OracleMetrics } from '@nps/oracle-metrics';
import type { Pool } from 'pg';
import type { OracleConfig } from './config.js';
import type { Faults } from './faults.js';

/** How often the switch is looked at: a newcomer who switches the Oracle off wants to see it at once. */
const SWITCH_INTERVAL_MS = 250;

export interface HealthCheckDeps {
  readonly config: OracleConfig;
  readonly faults: Faults;
  readonly metrics: OracleMetrics;
  readonly pool: Pool;
}

/**
 * What this Oracle needs: its database (without it readings are given but not stored: degraded, not down), and, when a
 * key is set, the AI API. `service` is the fault switch; it alone makes the Oracle down.
 */
export function healthChecks({ config, faults, metrics, pool }: HealthCheckDeps): readonly CheckOptions[] {
  const recentCalls = () => {
    const calls = metrics.getMetrics().windows['5m'].by_operation['ai_call'];
    return calls && { operations: calls.count, errors: calls.errors };
  };
  return [
    {
      name: 'service',
      fatal: true,
      intervalMs: SWITCH_INTERVAL_MS,
      minIntervalMs: 0,
      run: () =>
        faults.isDown()
          ? { status: 'error', error: 'NOT_SERVING', detail: 'the fault "down" or "flapping" is on' }
          : undefined,
    },
    postgresCheck({ pool }),
    // The calls readings make anyway tell more than a request of the check's own; without a key it is skipped.
    aiApiCheck({ critical: false, apiKey: config.ai?.apiKey, baseUrl: config.ai?.url, recentCalls }),
    diskCheck({ path: config.logDirectory ?? process.cwd(), critical: false }),
    memoryCheck({ critical: false }),
    eventLoopCheck({ critical: false }),
  ];
}
