import { Client, credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import fc from 'fast-check';

import { probe } from '../../src/client/index.js';
import { grpcHealthService } from '../../src/grpc/index.js';
import { checkPath, decodeCheckRequest, encodeCheckRequest } from '../../src/grpc-health-message.js';
import { createHealth, defineCheck, grpcCheck, type Health } from '../../src/index.js';

let isUp: boolean;
let health: Health;
let server: Server;
let port: number;

beforeEach(async () => {
  isUp = true;
  health = createHealth({
    service: 'oracle',
    version: '1',
    intervalMs: 20,
    minIntervalMs: 0,
    checks: [
      defineCheck({ name: 'database', run: () => ({ status: isUp ? 'ok' : 'error' }) }),
      defineCheck({ name: 'cache', critical: false, run: () => ({ status: 'error' }) }),
    ],
  });
  server = new Server();
  const { definition, implementation } = grpcHealthService(health, { services: ['nps.Oracle'] });
  server.addService(definition, implementation);
  port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
});

afterEach(async () => {
  server.forceShutdown();
  await health.stop();
});

const visit = (service = '') => probe({ name: 'x', kind: 'grpc', url: `grpc://127.0.0.1:${port}/${service}` });

describe('grpcHealthService', () => {
  it('serves the whole, its named services and each check', async () => {
    for (const service of ['', 'nps.Oracle', 'database'])
      expect(await visit(service)).toMatchObject({ outcome: 'report' });
    expect(await visit('cache')).toMatchObject({ outcome: 'failure', reason: 'not_serving' });
    isUp = false;
    for (const service of ['', 'nps.Oracle', 'database'])
      expect(await visit(service)).toMatchObject({ reason: 'not_serving' });
  });

  it('answers NOT_FOUND for a service nobody knows, whatever it is called', async () => {
    for (const service of ['nps.Ghost', '__proto__', 'x'.repeat(500)]) {
      const check = grpcCheck({ address: `127.0.0.1:${port}`, service });
      const { checks } = await createHealth({ service: 'x', version: '1', checks: [check] }).check();
      expect(checks['grpc']).toMatchObject({ status: 'error', error: 'NOT_FOUND' });
    }
  });

  it('stops serving when the service drains', async () => {
    health.start();
    health.drain();
    expect(await visit()).toMatchObject({ outcome: 'failure', reason: 'not_serving' });
    expect(await visit('database')).toMatchObject({ outcome: 'report' });
  });

  it('tells a watcher the status now and at every change', async () => {
    health.start();
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const bytes = (buffer: Buffer) => buffer;
    const seen: string[] = [];
    const watch = (service: string) => {
      const stream = client.makeServerStreamRequest('/grpc.health.v1.Health/Watch', encodeCheckRequest, bytes, service);
      stream.on('data', (message: Buffer) => seen.push(`${service}:${message.toString('hex')}`));
      stream.on('error', () => undefined);
      return stream;
    };
    const streams = [watch(''), watch('nps.Ghost')];
    await waitFor(() => seen.length === 2);
    isUp = false;
    await waitFor(() => seen.length === 3);
    isUp = true;
    await waitFor(() => seen.length === 4);
    expect(seen.toSorted()).toEqual([':0801', ':0801', ':0802', 'nps.Ghost:0803']);
    for (const stream of streams) stream.cancel();
    client.close();
  });

  it('refuses what is no HealthCheckRequest', async () => {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const error = await new Promise<{ code?: number } | null>((resolve) => {
      client.makeUnaryRequest(
        checkPath,
        (text: string) => Buffer.from(text),
        (buffer: Buffer) => buffer,
        'rubbish',
        resolve,
      );
    });
    expect(error).toMatchObject({ code: 3 });
    client.close();
  });
});

describe('a HealthCheckRequest', () => {
  it('says the same after it was encoded and decoded, for any name up to 1000 bytes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 1_000 }), (name) => decodeCheckRequest(encodeCheckRequest(name)) === name),
    );
  });
});
