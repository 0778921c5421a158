/**
 * The program of the front's thread, as text: a worker file would have to be found from ESM, CommonJS, TypeScript
 * sources and bundles alike. Plain JavaScript for the oldest Node supported; what it is told stands in `FrontSettings`,
 * what it is sent in `FrontMessage`.
 */
export const frontSource = `'use strict';
const http = require('node:http');
const { parentPort, workerData: settings } = require('node:worker_threads');

const beats = new BigInt64Array(settings.beats);
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
let pages = {};
let report = null;

const lagMs = () => Number(process.hrtime.bigint() - Atomics.load(beats, 0)) / 1e6 - settings.beatMs;
const isBlocked = () => lagMs() > settings.blockedAfterMs;

function send(request, response, page) {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(page.statusCode, page.headers);
  response.end(request.method === 'HEAD' ? undefined : page.body);
}

function json(statusCode, value, contentType) {
  const body = JSON.stringify(value);
  const headers = [
    'content-type', contentType || 'application/json; charset=utf-8', 'content-length', Buffer.byteLength(body),
    'cache-control', 'no-store', 'x-content-type-options', 'nosniff', 'vary', 'accept, authorization',
  ];
  return { statusCode, headers, body };
}

function pathOf(request) {
  const path = request.url.replace(/^https?:\\/\\/[^/?#]*/i, '').split('?', 1)[0];
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

// What is served while the main thread stands still: its last report, and the truth about the loop.
function blockedPage(path) {
  const lag = Math.round(lagMs());
  if (path === '/livez') return json(503, { status: 'blocked', error: 'event_loop_blocked', lag_ms: lag });
  if (path === '/readyz' || path === '/ready') {
    return json(503, { status: 'not_ready', ready: false, reason: 'event_loop_blocked' });
  }
  if ((path !== '/health' && path !== '/healthz') || !report) {
    const problem = { type: 'about:blank', title: 'Service Unavailable', status: 503, detail: 'event_loop_blocked' };
    return json(503, problem, 'application/problem+json');
  }
  const now = new Date();
  const since = new Date(now.getTime() - lag).toISOString();
  const worst = { status: 'error', critical: false, since, last_ok_at: since, checked_at: now.toISOString(), error: 'BLOCKED', value: lag, unit: 'milliseconds' };
  const status = lag > settings.downAfterMs || report.status === 'down' ? 'down' : 'degraded';
  if (path === '/healthz') {
    const checks = {};
    for (const name of Object.keys(report.checks)) checks[name] = report.checks[name].status !== 'error';
    Object.assign(checks, { event_loop: false, uptime: report.uptime_seconds, timestamp: now.toISOString() });
    return json(503, { status: 'unhealthy', healthy: false, error: 'event_loop_blocked', checks });
  }
  const checks = Object.assign({}, report.checks, { event_loop: worst });
  return json(503, Object.assign({}, report, { status, timestamp: now.toISOString(), error: 'event_loop_blocked', checks }));
}

function readyPage(request, path) {
  const { headers, method, url } = request;
  const isPlain = (method === 'GET' || method === 'HEAD') && !url.includes('?') && !headers.authorization;
  const wantsDraft = /health\\+json/i.test(headers.accept || '');
  return isPlain && !wantsDraft && Object.hasOwn(pages, path) ? pages[path] : undefined;
}

// Everything else is the main thread's to answer; if it stops while it does, we answer for it.
function forward(request, response, path) {
  const headers = Object.assign({}, request.headers, { 'x-forwarded-for': request.socket.remoteAddress || '' });
  const target = { host: '127.0.0.1', port: settings.upstreamPort, agent, method: request.method, path: request.url, headers };
  const upstream = http.request(target, (answer) => {
    clearInterval(watch);
    if (response.headersSent || response.destroyed) {
      answer.resume();
      return;
    }
    response.writeHead(answer.statusCode, answer.headers);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  const watch = setInterval(() => {
    if (!isBlocked()) return;
    send(request, response, blockedPage(path));
    upstream.destroy();
  }, settings.beatMs);
  upstream.on('error', () => {
    clearInterval(watch);
    const problem = { type: 'about:blank', title: 'Bad Gateway', status: 502 };
    send(request, response, isBlocked() ? blockedPage(path) : json(502, problem, 'application/problem+json'));
  });
  response.on('close', () => {
    clearInterval(watch);
    upstream.destroy();
  });
  request.pipe(upstream);
}

const server = http.createServer(settings.timeouts, (request, response) => {
  request.on('error', () => response.destroy());
  const path = pathOf(request);
  if (isBlocked()) {
    request.resume();
    send(request, response, blockedPage(path));
    return;
  }
  const page = readyPage(request, path);
  if (page) {
    send(request, response, page);
    return;
  }
  try {
    forward(request, response, path);
  } catch {
    // A request that node:http reads but will not write again.
    send(request, response, json(400, { type: 'about:blank', title: 'Bad Request', status: 400 }, 'application/problem+json'));
  }
});
server.maxHeadersCount = 100;

parentPort.on('message', (message) => {
  if (message.kind === 'pages') {
    pages = message.pages;
    report = message.report;
    return;
  }
  const force = setTimeout(() => server.closeAllConnections(), settings.closeGraceMs);
  server.close(() => {
    clearTimeout(force);
    agent.destroy();
    parentPort.close();
  });
  server.closeIdleConnections();
});

server.once('error', (error) => {
  parentPort.postMessage({ kind: 'failed', code: error.code });
  parentPort.close();
});
server.listen(settings.port, settings.host, () => {
  parentPort.postMessage({ kind: 'listening', port: server.address().port });
});
`;
