import type { AlertSummary, AlertsReply } from '../../src/contract/alerts.js';
import type { EndpointName, ReplyOf } from '../../src/contract/api.js';
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
    alerter: { state: 'running', checks: [], last_evaluated_at: iso(nowMs - 4000), outbox: 0, channels: 'working' },
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

/** A calm world: everything answers, nothing is wrong. */
export const calm: { readonly [N in EndpointName]?: ReplyOf<N> } = {
  status: statusReply([serviceSummary('oracle')]),
  session: { user: null, may: 'read', methods: ['token', 'basic'] },
  history: historyReply(),
  alerts: alertsReply({ open: [], history: [] }),
  alert: {
    alert: alertSummary('oracle'),
    steps: alertsReply().history.slice(0, 1),
    notices: [
      {
        id: 'n',
        alert_id: 'down/oracle',
        rule: 'down',
        service: 'oracle',
        severity: 'critical',
        incident: 2,
        channel: 'telegram',
        fallback_for: null,
        kind: 'fire',
        state: 'delivered',
        attempts: 2,
        title: 't',
        reason: null,
        message_id: '77',
        created_at: minutesAgo(3),
        next_attempt_at: null,
        delivered_at: minutesAgo(2),
        latency_ms: 60_000,
      },
    ],
    deploys: [{ id: '1', service: 'oracle', version: '1.2.3', at: minutesAgo(30), by: 'ci' }],
    meaning: 'up below 1, 2 times in a row',
    recorded: true,
  },
  service: {
    generated_at: iso(nowMs),
    service: serviceSummary('oracle'),
    health: null,
    metrics: null,
    yesterday: { p95_ms: 300, average_ms: 900, readings_per_hour: 31, error_rate_percent: 0 },
    last_alerts: [],
    jobs: [],
  },
  jobs: {
    jobs: [
      {
        job_name: 'import',
        total_runs: 3,
        successful_runs: 2,
        failed_runs: 1,
        success_rate: 66.7,
        avg_duration_seconds: 1.5,
        last_run: minutesAgo(5),
        last_status: 'failed',
        service: null,
      },
    ],
    runs: [
      {
        id: 'r',
        job_name: 'import',
        started_at: minutesAgo(5),
        finished_at: null,
        status: 'failed',
        duration_seconds: 1.5,
        error_message: 'disk full',
        metadata: {},
      },
    ],
    recorded: true,
  },
  costs: {
    generated_at: iso(nowMs),
    lines: [
      {
        service: 'oracle',
        display_name: 'Oracle',
        today_since: minutesAgo(720),
        today_usd: 0.5,
        today_tokens: 1_200_000,
        today_calls: 40,
        total_usd: 12.5,
        total_tokens: 3,
        started_at: minutesAgo(9000),
        month_usd: 30,
        call_p95_ms: 900,
        cost_unknown_calls: 0,
        this_month_usd: 8,
        month_forecast_usd: 28,
      },
    ],
  },
  slo: {
    target_percent: 99.9,
    window_days: 30,
    objectives: [
      {
        service: 'oracle',
        display_name: 'Oracle',
        availability: 0.99,
        budget_minutes: 43.2,
        used_minutes: 50,
        left_ratio: -0.16,
        burn: [
          { window: '1h', rate: 20 },
          { window: '6h', rate: 2 },
          { window: '1d', rate: 1 },
          { window: '3d', rate: null },
        ],
        exhausted_at: iso(nowMs),
        observed_ratio: 0.5,
      },
      {
        service: 'api',
        display_name: 'API',
        availability: null,
        budget_minutes: 43.2,
        used_minutes: 0,
        left_ratio: null,
        burn: [],
        exhausted_at: null,
        observed_ratio: 0,
      },
      {
        service: 'web',
        display_name: 'Web',
        availability: 0.9999,
        budget_minutes: 43.2,
        used_minutes: 35,
        left_ratio: 0.2,
        burn: [],
        exhausted_at: iso(nowMs + 86_400_000),
        observed_ratio: 1,
      },
    ],
    recorded: true,
  },
  settings: {
    source: 'file',
    targets: [
      {
        name: 'oracle',
        display_name: 'Oracle',
        kind: 'service',
        address: 'http://oracle:9090',
        depends_on: ['postgres'],
      },
    ],
    rules: [
      {
        name: 'down',
        severity: 'critical',
        meaning: 'up below 1',
        signal: 'up',
        over: null,
        comparison: 'below',
        threshold: 1,
        clear_threshold: null,
        unit: 'state',
        cooldown_seconds: 300,
        services: [],
      },
    ],
    rules_from: 'file',
    channels: [
      { name: 'night', kind: 'telegram' },
      { name: 'desk', kind: 'slack' },
    ],
    routes: [{ channels: ['night'], fallback: null, severities: ['critical'], services: [], rules: [] }],
    intervals: { collect_seconds: 5, check_seconds: 10, cooldown_seconds: 300 },
    configuration: { source: 'file', state: 'current', read_at: minutesAgo(60), refused_since: null, faults: [] },
    faults: ['rules[3]: threshold is missing'],
  },
  logs: {
    lines: [
      {
        id: '1',
        at: minutesAgo(1),
        level: 'ERROR',
        service: 'oracle',
        message: 'upstream timed out',
        user_id: '42',
        action: 'reading',
        duration_ms: 1200,
        rest: '{"trace_id":"t"}',
      },
      {
        id: '2',
        at: null,
        level: null,
        service: 'oracle',
        message: 'not json',
        user_id: null,
        action: null,
        duration_ms: null,
        rest: '',
      },
    ],
    services: ['oracle', 'scanner'],
    complete: false,
    scanned_bytes: 64_000_000,
    folder: 'readable',
  },
};
