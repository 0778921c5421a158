import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { currentContext, type OracleLogger, requestLogger } from '../src/index.js';
import { recordsOf } from './log-file.js';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Responses that nobody ends. */
const hanging: ServerResponse[] = [];

async function serve(logger: OracleLogger, use: (port: number) => Promise<void>): Promise<void> {
  const middleware = requestLogger(logger);
  const server = createServer((request, response) => {
    if (request.url === '/mounted') Object.assign(request, { originalUrl: '/api/mounted?x=1' });
    middleware(request, response, () => {
      logger.info('inside', { seen: currentContext()?.['request_id'] });
      if (request.url === '/hang') {
        hanging.push(response);
        return;
      }
      response.statusCode = Number(request.url?.slice(1).split('?')[0]) || 200;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await use((server.address() as AddressInfo).port);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function fetchHead(port: number, path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers }, (response) => resolve(response.resume())).on('error', reject);
  });
}

describe('requestLogger', () => {
  it('logs every request with its status and duration, and gives all lines of it one request id', async () => {
    const ids: unknown[] = [];
    const records = await recordsOf((logger) =>
      serve(logger, async (port) => {
        for (const path of ['/200?token=secret', '/404', '/503', '/mounted']) {
          const response = await fetchHead(port, path, {
            'x-request-id': `id-${path.slice(1, 4)}`,
            traceparent: `00-${trace}-00f067aa0ba902b7-01`,
          });
          ids.push(response.headers['x-request-id']);
        }
      }),
    );
    const requests = records.filter(({ action }) => action === 'http_request');
    expect(requests).toMatchObject([
      {
        level: 'INFO',
        message: 'GET /200',
        method: 'GET',
        path: '/200',
        status: 200,
        request_id: 'id-200',
        trace_id: trace,
        duration_ms: expect.any(Number),
      },
      { level: 'WARN', status: 404 },
      { level: 'ERROR', status: 503 },
      { path: '/api/mounted' },
    ]);
    expect(records[0]).toMatchObject({ message: 'inside', request_id: 'id-200', seen: 'id-200' });
    expect(ids).toEqual(['id-200', 'id-404', 'id-503', 'id-mou']);
  });

  it('makes an id where none is given, or one that could forge lines', async () => {
    const records = await recordsOf((logger) =>
      serve(logger, async (port) => void (await fetchHead(port, '/', { 'x-request-id': 'a b"c' }))),
    );
    expect(records[0]?.['request_id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('logs a request whose client went away as an error', async () => {
    const records = await recordsOf((logger) =>
      serve(logger, async (port) => {
        const socket = connect(port, '127.0.0.1', () => socket.write('GET /hang HTTP/1.1\r\nHost: x\r\n\r\n'));
        const response = await waitFor(() => hanging.at(-1));
        socket.destroy();
        await waitFor(() => response.closed);
      }),
    );
    expect(records.at(-1)).toMatchObject({ level: 'ERROR', message: 'GET /hang', error_type: 'ClientAborted' });
  });
});
