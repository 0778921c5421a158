import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createMetrics, type OracleMetrics } from '@nps/oracle-metrics';

/** A watched service that can be broken: answers /health and /metrics.json as the real one does, over a real socket. */
export interface ServiceTarget {
  readonly url: string;
  readonly port: number;
  readonly metrics: OracleMetrics;
  state: 'healthy' | 'degraded' | 'down' | 'hangs';
  /** Requests by path. */
  readonly asked: Record<string, number>;
  /** As kill -9 of the service: the port is closed and every connection with it. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  revive(): Promise<void>;
}

export async function startServiceTarget(): Promise<ServiceTarget> {
  const metrics = createMetrics({ service: 'oracle' });
  const asked: Record<string, number> = {};
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;

  function listen(onPort: number): Promise<Server> {
    const sockets = new Set<Socket>();
    const fresh = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://target');
      asked[pathname] = (asked[pathname] ?? 0) + 1;
      if (target.state === 'hangs') return;
      if (pathname === '/metrics.json') {
        const since = searchParams.get('minutes_since');
        response.end(JSON.stringify(metrics.getMetrics(since === null ? {} : { minutesSince: new Date(since) })));
        return;
      }
      const status = target.state;
      response.writeHead(status === 'healthy' ? 200 : 503, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          status,
          timestamp: new Date().toISOString(),
          service: 'oracle',
          version: '1',
          uptime_seconds: 1,
          checks: {},
        }),
      );
    });
    fresh.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    return new Promise((resolve, reject) => {
      fresh.once('error', reject);
      fresh.listen(onPort, '127.0.0.1', () => resolve(fresh));
    });
  }

  const target: ServiceTarget = {
    url: `http://127.0.0.1:${port}`,
    port,
    metrics,
    state: 'healthy',
    asked,
    kill: async () => {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => void server.close(resolve));
    },
    revive: async () => {
      server = await listen(port);
    },
  };
  return target;
}
