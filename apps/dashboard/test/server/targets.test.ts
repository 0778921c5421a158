import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../src/contract/api.js';
import type { AnyEndpoint } from '../../src/contract/endpoint.js';
import { createLiveLook } from '../../src/server/live.js';
import { send } from './request.js';
import { createWorld } from './world.js';

/** Each leads to a metadata service or to a link-local neighbour, in the ways that filters have been talked past. */
const forbidden = [
  '169.254.169.254',
  '2852039166',
  '0xA9FEA9FE',
  '0xa9.0xfe.0xa9.0xfe',
  '0251.0376.0251.0376',
  '0251.254.0xa9.254',
  '169.254.43518',
  '169.16689662',
  '169.254.169.254.',
  '①⑥⑨.②⑤④.①⑥⑨.②⑤④',
  'ann:hush@169.254.169.254',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[0:0:0:0:0:ffff:a9fe:a9fe]',
  '[fe80::1]',
  '[febf::1]',
  '[fd00:ec2::254]',
  '[fd00:0ec2:0000:0000:0000:0000:0000:0254]',
  '100.100.100.200',
  '1684301000',
];

describe('addresses of targets', () => {
  let secret: Server;
  let hits = 0;
  let secretPort: number;
  beforeAll(async () => {
    secret = createServer((_request, response) => {
      hits += 1;
      response.end('{"status":"healthy"}');
    });
    await new Promise<void>((resolve) => {
      secret.listen(0, '127.0.0.1', resolve);
    });
    secretPort = (secret.address() as AddressInfo).port;
  });
  afterAll(() => {
    secret?.close();
    secret?.closeAllConnections();
  });

  const look = async (url: string) => {
    const seen = await createLiveLook((text) => text).look(
      [{ name: 'target', kind: 'service', url, timeoutMs: 1500 }],
      AbortSignal.timeout(10_000),
    );
    return { visit: seen.visits.get('target'), measured: seen.measured.get('target') };
  };

  it.each(forbidden)('are refused however they are spelled: %s', async (host) => {
    let sockets = 0;
    const count = () => {
      sockets += 1;
    };
    subscribe('net.client.socket', count);
    const { visit, measured } = await look(`http://${host}:80/latest/meta-data`).finally(() =>
      unsubscribe('net.client.socket', count),
    );
    expect(sockets).toBe(0);
    expect(visit).toMatchObject({ status: 'down', reason: 'unreachable' });
    expect(measured).toBeUndefined();
    expect(visit?.message).not.toContain('hush');
  });

  it('lead nowhere else: a redirect is not followed', async () => {
    const redirecting = createServer((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${secretPort}/` }).end();
    });
    await new Promise<void>((resolve) => {
      redirecting.listen(0, '127.0.0.1', resolve);
    });
    const { visit, measured } = await look(`http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`);
    redirecting.close();
    expect(visit).toMatchObject({ status: 'down', reason: 'redirect' });
    expect(measured).toBeUndefined();
    expect(hits).toBe(0);
  });

  it('never come from a request: no endpoint takes one', async () => {
    const endpoints: readonly AnyEndpoint[] = Object.values(api);
    const names = new Set(endpoints.flatMap(({ input }) => Object.keys(input)));
    expect([...names].filter((name) => /url|uri|host|address|target|href|endpoint|port|path|file/i.test(name))).toEqual(
      [],
    );
    const world = await createWorld({ env: { DATABASE_URL: '', DASHBOARD_TOKEN: 'correct-'.repeat(4) } });
    const body = { service: 'oracle', version: '1', url: 'http://169.254.169.254/' };
    const headers = { authorization: `Bearer ${'correct-'.repeat(4)}` };
    const reply = await send(`${world.url}/api/deploys`, { method: 'POST', headers, body });
    await world.remove();
    expect(reply).toMatchObject({ status: 400, body: { faults: [{ field: 'url' }] } });
  });
});
