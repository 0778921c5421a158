import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Target } from '@nps/oracle-health/contract';
import { createScraper, scrapeAddress, serviceFacts } from '../src/visit.js';

const target = (change: Partial<Target>): Target => ({
  name: 'a',
  kind: 'service',
  url: 'http://a.test:9090',
  ...change,
});

describe('where metrics are asked for', () => {
  it('is /metrics.json of a service, unless it says otherwise', () => {
    expect(scrapeAddress(target({}))).toEqual({
      url: 'http://a.test:9090/metrics.json',
      kind: 'service',
      timeoutMs: 2000,
    });
    expect(scrapeAddress(target({ metricsPath: '/m', timeoutMs: 500 }))).toEqual({
      url: 'http://a.test:9090/m',
      kind: 'service',
      timeoutMs: 500,
    });
  });

  it('is the url itself of a Prometheus page', () => {
    const page = target({ kind: 'prometheus', url: 'http://a.test/metrics?x=1' });
    expect(scrapeAddress(page)?.url).toBe('http://a.test/metrics?x=1');
    expect(scrapeAddress({ ...page, metricsPath: '/other' })?.url).toBe('http://a.test/other');
  });

  it.each(['http', 'tcp', 'grpc', 'postgres', 'redis'] as const)('is nowhere for kind %s', (kind) => {
    const silent = target({ kind, url: 'tcp://a.test:1' });
    expect(scrapeAddress(silent)).toBeNull();
    expect(createScraper()(silent, new AbortController().signal, undefined)).toBeNull();
  });
});

describe('a scrape', () => {
  it('carries the target’s token and asks for the minutes that are missing', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const result = await createScraper()(
      target({ url, token: 'shown' }),
      new AbortController().signal,
      '2026-02-08T14:30:00.000Z',
    );
    expect(asked).toEqual(['/metrics.json?minutes_since=2026-02-08T14%3A30%3A00.000Z', 'Bearer shown']);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'auth' });
    await new Promise((resolve) => void server.close(resolve));
  });
});

describe('what the engine is told of a target', () => {
  it('is its name, what people call it and what it depends on', () => {
    expect(serviceFacts(target({ displayName: 'A', dependsOn: ['b'] }))).toEqual({
      name: 'a',
      displayName: 'A',
      dependsOn: ['b'],
    });
    expect(serviceFacts(target({}))).toEqual({ name: 'a' });
  });
});
