import { createServer, type IncomingMessage, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Problem } from '../contract/problem.js';
import { codeOf } from './code-of.js';
import type { DashboardConfig } from './config.js';
import { DashboardError } from './errors.js';
import { securityHeaders } from './security-headers.js';
import { limitSockets } from './sockets.js';

/** A socket that says nothing is let go; one that polls is kept, longer than what stands in front usually waits. */
const OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2000,
  // Without Host the app refuses with a problem; Node would answer with an empty page.
  requireHostHeader: false,
};

/** What the kernel holds for a busy server; Node's 511 let a burst of sockets cost whoever comes with it seconds. */
const MOST_UNACCEPTED = 4096;

/** What never becomes a request of the app: Node would answer it without a word and without the headers of safety. */
const refusals: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The header is larger than 16 kB.'],
  EXPECTATION: [417, 'The only expectation that is met is 100-continue.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
};

/** The HTTP server around the app; it does not listen yet. */
export function createHttpServer(app: RequestListener): Server {
  const server = createServer(OPTIONS, app);
  limitSockets(server);
  server.on('clientError', (error, socket: Socket) => refuseUnread(codeOf(error), socket));
  server.on('checkExpectation', ({ socket }: IncomingMessage) => refuseUnread('EXPECTATION', socket));
  // Nobody upgrades or tunnels here; without a listener Node would answer nothing at all.
  for (const event of ['upgrade', 'connect'] as const)
    server.on(event, (_request: IncomingMessage, socket: Socket) => refuseUnread(null, socket));
  return server;
}

/** @throws DashboardError UNAVAILABLE when the port is taken or may not be used */
export function listen(server: Server, { host, port }: Pick<DashboardConfig, 'host' | 'port'>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const code = codeOf(cause) ?? 'unknown';
      const why =
        code === 'EADDRINUSE'
          ? 'is in use by another program; stop it or set DASHBOARD_PORT'
          : `cannot be listened on (${code})`;
      reject(new DashboardError('UNAVAILABLE', `Port ${port} on ${host} ${why}.`, { cause }));
    });
    server.listen({ port, host, backlog: MOST_UNACCEPTED }, () => resolve((server.address() as AddressInfo).port));
  });
}

function refuseUnread(code: string | null, socket: Socket): void {
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, detail] = refusals[code ?? ''] ?? [400, 'The request could not be read as HTTP.'];
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail } satisfies Problem);
  const headers = {
    ...securityHeaders,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${head.join('')}\r\n${body}`);
}
