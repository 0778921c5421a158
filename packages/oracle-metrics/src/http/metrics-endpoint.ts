import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzip } from 'node:zlib';
import { negotiate } from '../exposition/negotiate.js';
import { protobufContentType, writeProtobuf } from '../exposition/protobuf.js';
import { contentTypes } from '../exposition/text.js';
import type { OracleMetrics } from '../metrics.js';

/** Below this, compressing costs more than it saves. */
const GZIP_FROM_BYTES = 2048;

type Answer = { readonly status: number; readonly type: string; readonly body: string | Uint8Array };

/**
 * Answers `/metrics` by the `Accept` header (a Prometheus scraper gets text, everyone else JSON), `/metrics.json` and
 * `/metrics/prometheus` whatever is accepted. `?minutes_since=` (ISO 8601) adds sealed minutes to the JSON.
 */
export function metricsEndpoint(metrics: OracleMetrics): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD');
      send(req, res, problem(405, `Metrics are read with GET, not ${req.method ?? 'nothing'}.`));
      return;
    }
    send(req, res, answer(metrics, req));
  };
}

function answer(metrics: OracleMetrics, req: IncomingMessage): Answer {
  // Express keeps the whole path in originalUrl when the handler is mounted.
  const target = (req as { originalUrl?: string }).originalUrl ?? req.url ?? '/';
  const [path = '/', query = ''] = target.split('?', 2);
  const format = formatOf(path, req.headers.accept);
  if (format === 'protobuf')
    return { status: 200, type: protobufContentType, body: writeProtobuf(metrics.registry.families()) };
  if (format !== 'json') return { status: 200, type: contentTypes[format], body: metrics.toPrometheus(format) };
  const since = new URLSearchParams(query).get('minutes_since');
  const minutesSince = since === null ? undefined : new Date(since);
  if (minutesSince !== undefined && Number.isNaN(minutesSince.getTime())) {
    return problem(400, 'minutes_since must be an ISO 8601 instant such as 2026-02-08T14:30:00Z.');
  }
  const report = metrics.getMetrics(minutesSince === undefined ? {} : { minutesSince });
  return { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(report) };
}

function formatOf(path: string, accept: string | undefined): ReturnType<typeof negotiate> {
  if (path.endsWith('.json')) return 'json';
  const negotiated = negotiate(accept);
  return path.replace(/\/+$/, '').endsWith('/prometheus') && negotiated === 'json' ? 'prometheus' : negotiated;
}

/** RFC 9457 */
function problem(status: number, detail: string): Answer {
  const title = status === 405 ? 'Method not allowed' : 'Bad request';
  return {
    status,
    type: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  };
}

function send(req: IncomingMessage, res: ServerResponse, { status, type, body }: Answer): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  res.statusCode = status;
  res.setHeader('Content-Type', type);
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Vary', 'Accept, Accept-Encoding');
  const accepted = (req.headers['accept-encoding'] ?? '').slice(0, 1000);
  if (bytes.length < GZIP_FROM_BYTES || !/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(accepted)) {
    finish(req, res, bytes);
    return;
  }
  gzip(bytes, { level: 1 }, (error, compressed) => {
    if (error === null) res.setHeader('Content-Encoding', 'gzip');
    finish(req, res, error === null ? compressed : bytes);
  });
}

function finish(req: IncomingMessage, res: ServerResponse, bytes: Uint8Array): void {
  res.setHeader('Content-Length', bytes.length);
  res.end(req.method === 'HEAD' ? undefined : bytes);
}
