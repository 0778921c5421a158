import { noticeStates, severities } from '@nps/oracle-alerts/contract';
import type { AlertContextReply } from './alert-context.js';
import { type AcknowledgeLinkReply, type AlertReply, type AlertsReply, type SilenceSummary } from './alerts.js';
import type { BadgeReply } from './badge.js';
import type { CostsReply } from './costs.js';
import type { DeliveriesReply } from './deliveries.js';
import { type EndpointArguments, type EndpointInput, type EndpointReply, endpoint } from './endpoint.js';
import { fallback, instant, optional, text, whole, word } from './field.js';
import { type Deploy, type DeploysReply, type HistoryReply, ranges } from './history.js';
import type { JobsReply } from './jobs.js';
import { type LogsAroundReply, type LogsReply, logLevels } from './logs.js';
import type { MaintenanceReply, MaintenanceWindowSummary } from './maintenance.js';
import type { ProbeReply } from './probes.js';
import type { SessionReply } from './session.js';
import type { SettingsReply } from './settings.js';
import type { SloReply } from './slo.js';
import type { ServiceReply, StatusReply } from './status.js';
import type { UsageReply } from './usage.js';

const serviceName = () => text({ maxLength: 120 });
const alertId = () => text({ maxLength: 500 });
const linkToken = () => text({ maxLength: 1000 });

/**
 * Every address this server answers, once. The server's handlers and the page's `call` both map over it: a line without a
 * handler does not compile, and nothing here is reachable that is not listed.
 */
export const api = {
  status: endpoint<StatusReply>()({
    method: 'GET',
    path: '/api/status',
    access: 'read',
    summary: 'All services, open alerts, the database and the alerter, as known now',
    input: {},
  }),
  service: endpoint<ServiceReply>()({
    method: 'GET',
    path: '/api/services/:name',
    access: 'read',
    summary: 'One service with its full health and metrics reports',
    input: { name: serviceName() },
  }),
  history: endpoint<HistoryReply>()({
    method: 'GET',
    path: '/api/history',
    access: 'read',
    summary: 'Response times, throughput, errors, incidents and markers of one service over a range',
    input: {
      service: optional(serviceName()),
      operation: optional(text({ maxLength: 120 })),
      range: fallback(word(ranges), '24h'),
    },
  }),
  usage: endpoint<UsageReply>()({
    method: 'GET',
    path: '/api/usage',
    access: 'read',
    summary: 'Errors by type, AI tokens by model and AI cost over a range, of one service or of all',
    input: { service: optional(serviceName()), range: fallback(word(ranges), '24h') },
  }),
  alerts: endpoint<AlertsReply>()({
    method: 'GET',
    path: '/api/alerts',
    access: 'read',
    summary: 'Open alerts and those that were resolved',
    input: { limit: fallback(whole({ minimum: 1, maximum: 500 }), 100) },
  }),
  alert: endpoint<AlertReply>()({
    method: 'GET',
    path: '/api/alerts/:id',
    access: 'read',
    summary: 'One alert: its steps, its notices, the releases before it, its rule in words',
    input: { id: alertId() },
  }),
  alertContext: endpoint<AlertContextReply>()({
    method: 'GET',
    path: '/api/alerts/:id/context',
    access: 'read',
    summary: 'The figure an alert was judged by around its beginning, and how the other services were then',
    input: { id: alertId() },
  }),
  acknowledge: endpoint<AlertReply>()({
    method: 'POST',
    path: '/api/alerts/:id/acknowledge',
    access: 'change',
    summary: 'Say that you have it: stops reminders and escalation, not the recovery',
    input: { id: alertId(), minutes: fallback(whole({ minimum: 5, maximum: 10_080 }), 240) },
  }),
  // By GET, as all that only looks. Its query tells a proxy's log no more than the page's own address, /ack/<token>, has
  // told it a moment before; no other site learns of it (`referrer-policy`), and it takes over one outage within one day.
  acknowledgeLink: endpoint<AcknowledgeLinkReply>()({
    method: 'GET',
    path: '/api/ack',
    access: 'link',
    summary: 'What the link of a message is about and who has it; changes nothing',
    input: { token: linkToken() },
  }),
  acknowledgeByLink: endpoint<AcknowledgeLinkReply>()({
    method: 'POST',
    path: '/api/ack',
    access: 'link',
    summary: 'Take over, for 4 h, the alert that the link of a message is about; no later one',
    input: { token: linkToken(), by: optional(text({ maxLength: 80 })) },
  }),
  deliveries: endpoint<DeliveriesReply>()({
    method: 'GET',
    path: '/api/deliveries',
    access: 'read',
    summary: 'What was sent to which channel, and what came of it',
    input: {
      service: optional(serviceName()),
      channel: optional(text({ maxLength: 120 })),
      state: optional(word(noticeStates)),
      limit: fallback(whole({ minimum: 1, maximum: 500 }), 100),
    },
  }),
  maintenance: endpoint<MaintenanceReply>()({
    method: 'GET',
    path: '/api/maintenance',
    access: 'read',
    summary: 'Times in which fires are held: weekly ones of the configuration file and those planned here',
    input: {},
  }),
  storeMaintenance: endpoint<MaintenanceWindowSummary>()({
    method: 'POST',
    path: '/api/maintenance',
    access: 'change',
    summary: 'Plan a time in which the fires of what matches are held; recoveries are told all the same',
    input: {
      service: optional(serviceName()),
      rule: optional(text({ maxLength: 120 })),
      severity: optional(word(severities)),
      starts_at: instant(),
      minutes: whole({ minimum: 1, maximum: 10_080 }),
      comment: text({ maxLength: 500 }),
    },
  }),
  deleteMaintenance: endpoint<{ readonly id: string }>()({
    method: 'DELETE',
    path: '/api/maintenance/:id',
    access: 'change',
    summary: 'Call off or end a planned time; weekly ones are changed in the configuration file',
    input: { id: text({ maxLength: 200 }) },
  }),
  storeSilence: endpoint<SilenceSummary>()({
    method: 'POST',
    path: '/api/silences',
    access: 'change',
    summary: 'Hold the fires of what matches until it ends; recoveries are told all the same',
    input: {
      service: optional(serviceName()),
      rule: optional(text({ maxLength: 120 })),
      severity: optional(word(severities)),
      minutes: whole({ minimum: 1, maximum: 43_200 }),
      comment: text({ maxLength: 500 }),
    },
  }),
  deleteSilence: endpoint<{ readonly id: string }>()({
    method: 'DELETE',
    path: '/api/silences/:id',
    access: 'change',
    summary: 'End a silence now',
    input: { id: text({ maxLength: 200 }) },
  }),
  deploys: endpoint<DeploysReply>()({
    method: 'GET',
    path: '/api/deploys',
    access: 'read',
    summary: 'Releases, oldest first',
    input: { service: optional(serviceName()), range: fallback(word(ranges), '30d') },
  }),
  storeDeploy: endpoint<Deploy>()({
    method: 'POST',
    path: '/api/deploys',
    access: 'change',
    summary: 'Mark a release; charts show it as a dashed line',
    input: { service: serviceName(), version: text({ maxLength: 80 }), at: optional(instant()) },
  }),
  logs: endpoint<LogsReply>()({
    method: 'GET',
    path: '/api/logs',
    access: 'read',
    summary: 'Search the rotated JSON log files, newest line first',
    input: {
      text: optional(text({ maxLength: 200 })),
      level: optional(word(logLevels)),
      service: optional(serviceName()),
      user: optional(text({ maxLength: 200 })),
      action: optional(text({ maxLength: 200 })),
      from: optional(instant()),
      to: optional(instant()),
      limit: fallback(whole({ minimum: 1, maximum: 500 }), 100),
    },
  }),
  logsAround: endpoint<LogsAroundReply>()({
    method: 'GET',
    path: '/api/logs/around',
    access: 'read',
    summary: 'The log lines nearest to an instant, half of them before it and half after',
    input: {
      at: instant(),
      minutes: fallback(whole({ minimum: 1, maximum: 60 }), 5),
      service: optional(serviceName()),
      level: optional(word(logLevels)),
      limit: fallback(whole({ minimum: 2, maximum: 500 }), 100),
    },
  }),
  jobs: endpoint<JobsReply>()({
    method: 'GET',
    path: '/api/jobs',
    access: 'read',
    summary: 'Jobs and their newest runs',
    input: { job_name: optional(text({ maxLength: 200 })), limit: fallback(whole({ minimum: 1, maximum: 500 }), 50) },
  }),
  costs: endpoint<CostsReply>()({
    method: 'GET',
    path: '/api/costs',
    access: 'read',
    summary: 'AI tokens and cost of every service: today, this month, since its start',
    input: {},
  }),
  slo: endpoint<SloReply>()({
    method: 'GET',
    path: '/api/slo',
    access: 'read',
    summary: 'Error budgets over 30 days and the pace at which they are used',
    input: {},
  }),
  settings: endpoint<SettingsReply>()({
    method: 'GET',
    path: '/api/settings',
    access: 'read',
    summary: 'What is watched, by which rules, told to whom; read-only and without secrets',
    input: {},
  }),
  badge: endpoint<BadgeReply>()({
    method: 'GET',
    path: '/api/badge',
    access: 'read',
    summary: 'The state of one service, or of all, as a shields.io endpoint badge',
    input: { service: optional(serviceName()) },
  }),
  openapi: endpoint<Readonly<Record<string, unknown>>>()({
    method: 'GET',
    path: '/api/openapi.json',
    access: 'public',
    summary: 'This table as OpenAPI 3.1',
    input: {},
  }),
  session: endpoint<SessionReply>()({
    method: 'GET',
    path: '/api/session',
    access: 'public',
    summary: 'Who is signed in and what they may do',
    input: {},
  }),
  signIn: endpoint<SessionReply>()({
    method: 'POST',
    path: '/api/session',
    access: 'public',
    summary: 'Sign in with a token, or with a user and a password; answers a cookie',
    input: {
      token: optional(text({ maxLength: 500 })),
      user: optional(text({ maxLength: 200 })),
      password: optional(text({ maxLength: 500 })),
    },
  }),
  signOut: endpoint<SessionReply>()({
    method: 'DELETE',
    path: '/api/session',
    access: 'public',
    summary: 'Sign out',
    input: {},
  }),
  healthz: endpoint<ProbeReply>()({
    method: 'GET',
    path: '/healthz',
    access: 'public',
    summary: 'Whether the dashboard and its database are well: 200 or 503',
    input: {},
  }),
  livez: endpoint<ProbeReply>()({
    method: 'GET',
    path: '/livez',
    access: 'public',
    summary: 'Whether the process answers at all; never looks at dependencies',
    input: {},
  }),
  readyz: endpoint<ProbeReply>()({
    method: 'GET',
    path: '/readyz',
    access: 'public',
    summary: 'Whether to send requests here: 503 before the first look around and from the stop signal on',
    input: {},
  }),
} as const;

export type EndpointName = keyof typeof api;
export type InputOf<N extends EndpointName> = EndpointInput<(typeof api)[N]>;
export type ArgumentsOf<N extends EndpointName> = EndpointArguments<(typeof api)[N]>;
export type ReplyOf<N extends EndpointName> = EndpointReply<(typeof api)[N]>;
