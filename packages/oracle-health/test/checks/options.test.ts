import { describe, expect, it } from '@jest/globals';
import { builtInChecks } from '../../src/checks/index.js';
import {
  defineCheck,
  diskCheck,
  grpcCheck,
  healthEndpoints,
  httpCheck,
  postgresCheck,
  redisCheck,
  tcpCheck,
  tlsCertificateCheck,
} from '../../src/index.js';

describe('a check', () => {
  it.each<[string, () => unknown]>([
    ['postgres without a connection', () => postgresCheck({})],
    ['postgres with an empty one', () => postgresCheck({ connectionString: '' })],
    ['redis over http', () => redisCheck({ url: 'http://x' })],
    ['http over ftp', () => httpCheck({ url: 'ftp://x' })],
    ['grpc without a port', () => grpcCheck({ address: 'oracle' })],
    ['grpc with a path', () => grpcCheck({ address: 'oracle:50052/x' })],
    ['grpc with port 0', () => grpcCheck({ address: 'oracle:0' })],
    ['tcp with port 70000', () => tcpCheck({ host: 'x', port: 70_000 })],
    ['tcp without a host', () => tcpCheck({ port: 1 } as never)],
    ['tcp without a port', () => tcpCheck({ host: 'x' } as never)],
    ['a certificate without a host', () => tlsCertificateCheck({ host: '' })],
    ['endpoints without a health', () => healthEndpoints(undefined as never)],
    ['a certificate with port 0', () => tlsCertificateCheck({ host: 'x', port: 0 })],
    ['a certificate that warns after it fails', () => tlsCertificateCheck({ host: 'x', warnDays: 1, errorDays: 5 })],
    ['a timeout of 0', () => diskCheck({ timeoutMs: 0 })],
    ['no function', () => defineCheck({ name: 'x', run: 5 as never })],
  ])('refuses %s with INVALID_OPTION', (_what, create) => {
    expect(create).toThrow(expect.objectContaining({ name: 'HealthError', code: 'INVALID_OPTION' }));
  });

  it('never repeats a secret in what it refuses', () => {
    expect(() => httpCheck({ url: 'ftp://user:topsecret@x' })).not.toThrow(/topsecret/);
    expect(() => redisCheck({ url: 'http://user:topsecret@x' })).not.toThrow(/topsecret/);
  });

  it('takes a name, weight and times of its own over the defaults', () => {
    const check = tcpCheck({
      host: 'x',
      port: 1,
      name: 'upstream',
      critical: false,
      fatal: true,
      timeoutMs: 77,
      warnAfterMs: 5,
    });
    expect(check).toMatchObject({ name: 'upstream', critical: false, fatal: true, timeoutMs: 77, warnAfterMs: 5 });
  });

  it('uses a pool without settings by asking it', async () => {
    const asked: string[] = [];
    const pool = { query: async (text: string) => void asked.push(text) };
    expect(await postgresCheck({ pool }).run(new AbortController().signal)).toEqual({ status: 'ok' });
    expect(asked).toEqual(['SELECT 1']);
  });

  it('is brought along twelve times', () => {
    expect(new Set(builtInChecks.map(({ name }) => name)).size).toBe(12);
  });
});
