import type { AlertsReply } from './alerts.js';
import { type EndpointArguments, type EndpointInput, type EndpointReply, endpoint } from './endpoint.js';
import { fallback, optional, text, whole, word } from './field.js';
import { type HistoryReply, ranges } from './history.js';
import type { ProbeReply } from './probes.js';
import type { SessionReply } from './session.js';
import type { ServiceReply, StatusReply } from './status.js';

const serviceName = () => text({ maxLength: 120 });

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
  alerts: endpoint<AlertsReply>()({
    method: 'GET',
    path: '/api/alerts',
    access: 'read',
    summary: 'Open alerts and those that were resolved',
    input: { limit: fallback(whole({ minimum: 1, maximum: 500 }), 100) },
  }),
  session: endpoint<SessionReply>()({
    method: 'GET',
    path: '/api/session',
    access: 'public',
    summary: 'Who is signed in and what they may do',
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
