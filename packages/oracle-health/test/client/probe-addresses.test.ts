import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';

import { probe } from '../../src/client/index.js';
import type { Target, TargetKind } from '../../src/contract/index.js';
import { startHttpPeer } from '../peers/http-peer.js';

const target = (kind: TargetKind, url: string, more: Partial<Target> = {}): Target => ({
  name: 'target',
  kind,
  url,
  timeoutMs: 400,
  ...more,
});

const report = JSON.stringify({ status: 'healthy', checks: {} });

describe('the address of a target', () => {
  it('refuses to visit metadata services', async () => {
    const hosts = [
      '169.254.169.254',
      '2852039166',
      '0xa9fea9fe',
      '0251.0376.0251.0376',
      '169.254.43518',
      '0xA9.254.0251.254',
    ]
      .concat([
        '169.254.169.254.',
        '169%2e254.169.254',
        '①⑥⑨.254.169.254',
        '[::ffff:169.254.169.254]',
        '[::ffff:a9fe:a9fe]',
      ])
      .concat([
        '[64:ff9b::169.254.169.254]',
        '[2002:a9fe:a9fe::1]',
        '[::169.254.169.254]',
        '[fe80::1]',
        '[fd00:ec2::254]',
      ])
      .concat(['[fd00:ec2::23]', '[fd20:ce::254]', '100.100.100.200', '168.63.129.16', '192.0.0.192']);
    for (const host of hosts) {
      const result = await probe(target('http', `http://${host}/latest/meta-data`));
      expect([host, result]).toEqual([host, expect.objectContaining({ outcome: 'failure', reason: 'unreachable' })]);
    }
  });

  it.each<[TargetKind, string]>([
    ['tcp', 'tcp://169.254.169.254:80'],
    ['tcp', 'tls://169.254.169.254:443'],
    ['grpc', 'grpc://169.254.169.254:80'],
    ['redis', 'redis://169.254.169.254'],
    ['postgres', 'postgres://u:p@169.254.169.254/x'],
    ['postgres', 'postgres://u:p@127.0.0.1/x?host=169.254.169.254'],
    ['prometheus', 'http://169.254.169.254/metrics'],
    ['service', 'http://169.254.169.254'],
  ])('refuses metadata services to a %s target: %s', async (kind, url) => {
    expect(await probe(target(kind, url))).toMatchObject({ outcome: 'failure', reason: 'unreachable' });
  });

  it('takes a name that only looks like a number for a name, and still looks at what it leads to', async () => {
    const resolver = {
      resolve: async (host: string) => Promise.reject(Object.assign(new Error(host), { code: 'DNS' })),
    };
    for (const url of ['tcp://2852039166:80', 'redis://0xa9fea9fe', 'postgres://u@2852039166/x']) {
      const kind = url.split(':')[0] as TargetKind;
      expect(await probe(target(kind, url), { resolver })).toMatchObject({ outcome: 'failure', reason: 'dns' });
    }
  });

  it('reaches servers on IPv6, whatever the kind', async () => {
    const server = createServer((_request, response) => response.end(report));
    await new Promise<void>((resolve) => {
      server.listen(0, '::1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    for (const [kind, url] of [
      ['service', `http://[::1]:${port}`],
      ['http', `http://[0:0::1]:${port}/x`],
      ['tcp', `tcp://[::1]:${port}`],
    ] as const) {
      expect(await probe(target(kind, url))).toMatchObject({ outcome: 'report', status: 'healthy' });
    }
    for (const [kind, url] of [
      ['redis', `redis://[::1]:${port}`],
      ['grpc', `grpc://[::1]:${port}`],
      ['postgres', `postgres://u@[::1]:${port}/x`],
    ] as const) {
      // It was reached, and is no such server.
      expect(await probe(target(kind, url))).toMatchObject({
        outcome: 'failure',
        reason: expect.stringMatching(/malformed|reset/),
      });
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('is the only one that gets the token', async () => {
    const [own, other] = await Promise.all(
      [1, 2].map(() => startHttpPeer((_request, response) => response.end(report))),
    );
    const healthPath = `//127.0.0.1:${other?.port}/health`;
    const result = await probe(target('service', own?.url ?? '', { healthPath, token: 'sesame' }));
    expect(result).toMatchObject({ outcome: 'failure' });
    expect([own?.requests, other?.requests]).toEqual([[], []]);
    await Promise.all([own?.stop(), other?.stop()]);
  });
});
