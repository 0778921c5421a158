import { describe, expect, it } from '@jest/globals';
import type { ChannelStatus, EngineStatus } from '@nps/oracle-alerts';
import { createHealth, type HealthReport } from '@nps/oracle-health';
import { type OwnState, ownChecks } from '../src/own-health.js';

const NOW = 1_770_000_000_000;
const CHANNEL: ChannelStatus = {
  name: 'telegram',
  kind: 'telegram',
  state: 'ok',
  waiting: 0,
  delivered: 0,
  failedAttempts: 0,
  rejected: 0,
  lastDeliveredAt: null,
  lastFailure: null,
};

interface Change {
  readonly engine?: Partial<EngineStatus>;
  readonly lastVisitAt?: number | null;
  readonly channels?: readonly string[];
  readonly faults?: readonly string[];
}

function report({
  engine = {},
  lastVisitAt = NOW - 1000,
  channels = ['telegram'],
  faults = [],
}: Change): Promise<HealthReport> {
  const status = {
    role: 'leader',
    network: 'ok',
    outboxAgeSeconds: 0,
    outboxWaiting: 0,
    lastEvaluationAt: NOW - 1000,
    channels: [CHANNEL],
    ...engine,
  };
  const state: OwnState = {
    databaseUrl: null,
    collectIntervalMs: 5000,
    checkIntervalMs: 10_000,
    now: () => NOW,
    engine: () => status as EngineStatus,
    collect: () => ({ targets: 1, visits: 1, discarded: 0, lastVisitAt }),
    channels: () => channels,
    settings: () => ({ faults }),
  };
  return createHealth({ service: 'alerter', version: '1', checks: ownChecks(state) }).check();
}

async function verdict(change: Change): Promise<Record<string, string>> {
  const { status, checks } = await report(change);
  const unusual = Object.entries(checks).filter(([, check]) => check.status !== 'ok');
  return { status, ...Object.fromEntries(unusual.map(([name, check]) => [name, check.status])) };
}

describe('the alerter’s own health', () => {
  const none = { database: 'skipped' };

  it('is healthy while it looks, judges and can tell', async () => {
    expect(await verdict({})).toEqual({ status: 'healthy', ...none });
  });

  it('is down when it neither looks nor judges any more', async () => {
    const old = NOW - 120_000;
    expect(await verdict({ lastVisitAt: old, engine: { lastEvaluationAt: old } })).toEqual({
      status: 'down',
      ...none,
      collect: 'error',
      evaluation: 'error',
    });
  });

  it('warns before the first visit and the first evaluation', async () => {
    expect(await verdict({ lastVisitAt: null, engine: { lastEvaluationAt: null } })).toEqual({
      status: 'healthy',
      ...none,
      collect: 'warning',
      evaluation: 'warning',
    });
  });

  it('is healthy while it stands by, however long ago it looked', async () => {
    expect(await verdict({ lastVisitAt: null, engine: { role: 'standby', lastEvaluationAt: null } })).toEqual({
      status: 'healthy',
      ...none,
    });
  });

  it('is degraded while it is cut off from the network', async () => {
    expect(await verdict({ engine: { network: 'isolated' } })).toEqual({
      status: 'degraded',
      ...none,
      evaluation: 'error',
    });
  });

  it('is degraded while a notice is stuck', async () => {
    expect(await verdict({ engine: { outboxAgeSeconds: 61, outboxWaiting: 2 } })).toEqual({
      status: 'degraded',
      ...none,
      outbox: 'error',
    });
  });

  it('warns without a channel and while one of two fails, and is degraded when all fail', async () => {
    const failing = { ...CHANNEL, state: 'failing', lastFailure: 'HTTP 401' } as const;
    expect(await verdict({ channels: [] })).toEqual({ status: 'healthy', ...none, channels: 'warning' });
    const two = { channels: ['telegram', 'slack'], engine: { channels: [failing, { ...CHANNEL, name: 'slack' }] } };
    expect(await verdict(two)).toEqual({ status: 'healthy', ...none, channels: 'warning' });
    expect(await verdict({ engine: { channels: [failing] } })).toEqual({
      status: 'degraded',
      ...none,
      channels: 'error',
    });
    expect((await report({ engine: { channels: [failing] } })).checks['channels']?.detail).toBe('telegram: HTTP 401');
  });

  it('warns while a changed configuration file is not used', async () => {
    expect(await verdict({ faults: ['targets[0]: kind is missing'] })).toEqual({
      status: 'healthy',
      ...none,
      configuration: 'warning',
    });
  });
});
