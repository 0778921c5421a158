import type { AlertSummary, AlertsReply } from '../../src/contract/alerts.js';
import type { HistoryReply } from '../../src/contract/history.js';
import type { ServiceSummary, StatusReply } from '../../src/contract/status.js';

/** The present of all tests: noon UTC. */
export const nowMs = Date.parse('2026-02-08T12:00:00.000Z');
export const iso = (ms: number): string => new Date(ms).toISOString();
export const minutesAgo = (minutes: number): string => iso(nowMs - minutes * 60_000);

export function serviceSummary(name: string, change: Partial<ServiceSummary> = {}): ServiceSummary {
  return {
    name,
    display_name: name.charAt(0).toUpperCase() + name.slice(1),
    kind: 'service',
    status: 'healthy',
    since: null,
    observed_at: iso(nowMs),
    source: 'recorded',
    reason: null,
    message: null,
    latency_ms: 4,
    dependencies: [],
    figures: { p95_ms: 412, average_ms: 1240, readings_per_hour: 38, error_rate_percent: 0.4 },
    sparkline: [1, null, 2],
    strip: 'h'.repeat(96),
    last_incident: null,
    silenced_until: null,
    ...change,
  };
}

export function alertSummary(service: string, change: Partial<AlertSummary> = {}): AlertSummary {
  return {
    id: `down/${service}`,
    rule: 'down',
    service,
    labels: {},
    severity: 'critical',
    phase: 'firing',
    title: `${service} service is DOWN!`,
    detail: null,
    value: 0,
    threshold: 1,
    incident: 2,
    hold: null,
    since: minutesAgo(3),
    announced_at: minutesAgo(2),
    told_at: minutesAgo(2),
    resolved_at: null,
    acknowledged_by: null,
    acknowledged_at: null,
    acknowledged_until: null,
    silenced_until: null,
    ...change,
  };
}

export function statusReply(services: readonly ServiceSummary[], change: Partial<StatusReply> = {}): StatusReply {
  return {
    generated_at: iso(nowMs),
    primary: services[0]?.name ?? null,
    oracle: { health: null, metrics: null },
    services: Object.fromEntries(services.map((service) => [service.name, service])),
    database: {
      state: 'connected',
      connections: 7,
      max_connections: 100,
      size_bytes: 9_300_000,
      latency_ms: 0.8,
      size: 9_300_000,
      latency: 0.8,
      since: null,
    },
    recording: { state: 'current', last_at: iso(nowMs) },
    alerter: {
      state: 'running',
      checks: [],
      last_evaluated_at: iso(nowMs - 4000),
      outbox: 0,
      channels: 'working',
      last_delivery: { channel: 'telegram', at: minutesAgo(12) },
    },
    configuration: { source: 'file', state: 'current', read_at: minutesAgo(60), refused_since: null, faults: [] },
    alerts: [],
    ...change,
  };
}

export function historyReply(change: Partial<HistoryReply> = {}): HistoryReply {
  const point = (minutes: number, errors: number) => ({
    at: minutesAgo(minutes),
    count: 10,
    errors,
    p50: 100,
    p95: 200,
    p99: 300,
    avg: 120,
    max: 400,
  });
  return {
    service: 'oracle',
    operation: 'reading',
    operations: ['reading'],
    range: '24h',
    generated_at: iso(nowMs),
    from: iso(nowMs - 86_400_000),
    to: iso(nowMs),
    step_seconds: 300,
    points: [point(60, 0), point(55, 1), point(20, 0)],
    uptime_ratio: 0.9995,
    incidents: [],
    alerts: [{ id: 'a', title: 'down', severity: 'critical', from: minutesAgo(50), to: minutesAgo(40) }],
    deploys: [{ id: '1', service: 'oracle', version: '1.2.3', at: minutesAgo(52), by: 'ci' }],
    recorded: true,
    ...change,
  };
}

export function alertsReply(change: Partial<AlertsReply> = {}): AlertsReply {
  return {
    open: [alertSummary('oracle')],
    history: [
      {
        at: minutesAgo(3),
        kind: 'fired',
        alert_id: 'down/oracle',
        rule: 'down',
        service: 'oracle',
        severity: 'critical',
        incident: 2,
        value: 0,
        detail: 'refused',
      },
      {
        at: minutesAgo(90),
        kind: 'resolved',
        alert_id: 'down/oracle',
        rule: 'down',
        service: 'oracle',
        severity: 'critical',
        incident: 1,
        value: 1,
        detail: null,
      },
    ],
    notices: [],
    silences: [],
    recorded: true,
    ...change,
  };
}
