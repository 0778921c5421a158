import { describe, expect, it } from '@jest/globals';
import type { EngineStatus } from '@nps/oracle-alerts';
import { parsePrometheusText } from '@nps/oracle-metrics/client';
import { type AlerterFigures, renderFigures } from '../src/state-metrics.js';

const ENGINE: EngineStatus = {
  role: 'leader',
  epoch: 3,
  store: 'ok',
  network: 'ok',
  firing: 2,
  pending: 1,
  outboxAgeSeconds: 4.5,
  outboxWaiting: 1,
  lastEvaluationAt: 1_770_000_000_000,
  evaluations: 12,
  deliverySeconds: [3, 1, 2, 10],
  channels: [
    {
      name: 'tele"gram\\\n',
      kind: 'telegram',
      state: 'ok',
      waiting: 0,
      delivered: 7,
      failedAttempts: 2,
      rejected: 1,
      lastDeliveredAt: null,
      lastFailure: null,
    },
  ],
};

const FIGURES: AlerterFigures = {
  engine: ENGINE,
  collect: { targets: 5, visits: 100, discarded: 1, lastVisitAt: 1_770_000_001_000 },
  record: { waiting: 3, dropped: 0 },
  remote: { waiting: 9, dropped: 2 },
  database: 'ready',
  lastHeartbeatAt: null,
};

function value(figures: AlerterFigures, name: string, labels: Record<string, string> = {}): number | undefined {
  const samples = parsePrometheusText(renderFigures(figures));
  return samples.find(
    (sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
  )?.value;
}

describe('the alerter’s own figures as Prometheus text', () => {
  it('read back as they were, hostile channel names included', () => {
    expect(value(FIGURES, 'alerter_targets')).toBe(5);
    expect(value(FIGURES, 'alerter_leader')).toBe(1);
    expect(value(FIGURES, 'alerter_database_up')).toBe(1);
    expect(value(FIGURES, 'alerter_remote_write_waiting')).toBe(9);
    expect(value(FIGURES, 'alerter_remote_write_dropped_total')).toBe(2);
    expect(value({ ...FIGURES, remote: null }, 'alerter_remote_write_waiting')).toBeUndefined();
    expect(value(FIGURES, 'alerter_outbox_age_seconds')).toBe(4.5);
    expect(value(FIGURES, 'alerter_last_evaluation_timestamp_seconds')).toBe(1_770_000_000);
    expect(value(FIGURES, 'alerter_notices_delivered_total', { channel: 'tele"gram\\\n' })).toBe(7);
    expect(value(FIGURES, 'alerter_alerts', { phase: 'firing' })).toBe(2);
  });

  it('give the median, the 95th percentile and the slowest of the last deliveries', () => {
    expect(value(FIGURES, 'alerter_delivery_seconds', { quantile: '0.5' })).toBe(2);
    expect(value(FIGURES, 'alerter_delivery_seconds', { quantile: '0.95' })).toBe(10);
    expect(value(FIGURES, 'alerter_delivery_seconds', { quantile: '1' })).toBe(10);
  });

  it('leave out what never happened instead of saying 0', () => {
    const fresh = { ...FIGURES, record: null, engine: { ...ENGINE, lastEvaluationAt: null, deliverySeconds: [] } };
    for (const name of [
      'alerter_last_evaluation_timestamp_seconds',
      'alerter_delivery_seconds',
      'alerter_history_waiting',
      'alerter_last_heartbeat_timestamp_seconds',
    ]) {
      expect(value(fresh, name)).toBeUndefined();
    }
  });

  it('say that the database is gone when the engine works from memory', () => {
    expect(value({ ...FIGURES, engine: { ...ENGINE, store: 'memory' } }, 'alerter_database_up')).toBe(0);
    expect(value({ ...FIGURES, database: 'away' }, 'alerter_database_up')).toBe(0);
  });
});
