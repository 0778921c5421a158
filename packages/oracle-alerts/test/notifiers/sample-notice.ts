import type { Notice } from '../../src/index.js';

export function sampleNotice(more: Partial<Notice> = {}): Notice {
  return {
    id: 'notice-1',
    kind: 'fire',
    rule: 'down',
    severity: 'critical',
    alertSeverity: 'critical',
    services: ['oracle'],
    incident: 1,
    dedupKey: 'nps:["down","oracle"]',
    labels: {},
    message: {
      title: '🚨 CRITICAL: Oracle service is DOWN! Error: <b>ECONNREFUSED</b> & more',
      severity: 'critical',
      services: ['oracle'],
      fields: [
        { label: 'Component', value: 'oracle' },
        { label: 'Time', value: '2026-02-08 14:30:00 UTC' },
        { label: 'Error', value: '@everyone <script>' },
      ],
      links: [{ label: 'Dashboard', url: 'http://127.0.0.1:9000/alerts/%5B%22down%22%2C%22oracle%22%5D' }],
    },
    reason: 'refused',
    startedAt: Date.UTC(2026, 1, 8, 14, 30),
    attempt: 1,
    ...more,
  };
}

export function recovery(): Notice {
  const fire = sampleNotice();
  return {
    ...fire,
    id: 'notice-2',
    kind: 'resolve',
    severity: 'info',
    message: { ...fire.message, severity: 'info', title: 'ℹ️ INFO: Oracle service recovered' },
    endedAt: fire.startedAt + 60_000,
  };
}
