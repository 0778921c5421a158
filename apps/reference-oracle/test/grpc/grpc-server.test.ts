import { type ClientReadableStream, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { probe } from '@nps/oracle-health/client';
import { waitFor } from '@nps/testing';
import { loadProtos } from '../../src/grpc/protos.js';
import { type OracleUnderTest, startOracleUnderTest } from '../oracle-under-test.js';

let running: OracleUnderTest;

beforeAll(async () => {
  running = await startOracleUnderTest();
});

afterAll(() => running.stop());

const codeOf = async (call: Promise<unknown>): Promise<Pick<ServiceError, 'code' | 'details'>> => {
  try {
    await call;
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('the call was answered');
};

describe('errors over gRPC', () => {
  it('is INVALID_ARGUMENT with every unusable field', async () => {
    const { code, details } = await codeOf(running.call('GetReading', { birth_date: 'x' }));
    expect(code).toBe(status.INVALID_ARGUMENT);
    expect(details).toBe(
      'name: expected the name to read, got nothing; birth_date: expected a day that exists, as YYYY-MM-DD, got "x"',
    );
  });

  it.each([
    ['AnalyzePatterns', { limit: 5000 }, 'limit: expected a whole number from 1 to 1000 (default 500), got 5000'],
    [
      'GetTimingAlignment',
      { birth_date: '2000-01-01', days: -3 },
      'days: expected a whole number from 1 to 366 (default 30), got -3',
    ],
    ['GetQuestionSign', { question: '??' }, 'question: expected at least one letter A–Z, got "??"'],
    [
      'SuggestRange',
      {},
      'space_start: expected the first number of the space; space_end: expected the last number of the space',
    ],
    [
      'SuggestRange',
      { space_start: '9', space_end: '3' },
      'space_end: expected a number that is not below space_start',
    ],
    [
      'SuggestRange',
      { space_start: '1', space_end: '3', width: '4' },
      'width: expected at most the 3 numbers of the space, got 4',
    ],
    [
      'SuggestRange',
      { space_start: '-1', space_end: '0xzz' },
      'space_start: expected a whole number of at most 256 bits, decimal or 0x-hexadecimal, got "-1"; space_end: expected a whole number of at most 256 bits, decimal or 0x-hexadecimal, got "0xzz"',
    ],
  ])('%s refuses %j', async (method, request, expected) => {
    expect(await codeOf(running.call(method, request))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expected,
    });
  });

  it('refuses a message over 64 KB and goes on serving', async () => {
    const { code } = await codeOf(running.call('GetNameReading', { name: 'x'.repeat(100_000) }));
    expect(code).toBe(status.RESOURCE_EXHAUSTED);
    expect(await running.call('GetNameReading', { name: 'Ada' })).toMatchObject({ expression: 6 });
  });

  it('takes the whole width of 256 bits', async () => {
    const reply = await running.call('SuggestRange', {
      space_start: '0',
      space_end: `0x${'f'.repeat(64)}`,
      width: '1',
    });
    expect(reply['start']).toBe(reply['end']);
  });
});

describe('grpc.health.v1', () => {
  it('is what a probe of the kind grpc sees', async () => {
    const result = await probe({ name: 'oracle', kind: 'grpc', url: `grpc://${running.grpcAddress}` });
    expect(result).toMatchObject({ outcome: 'report', status: 'healthy' });
  });

  it('knows its own service by name and no other', async () => {
    const client = new (loadProtos().HealthClient)(running.grpcAddress, credentials.createInsecure());
    const check = (service: string) =>
      new Promise((resolve, reject) => {
        const send = (client as unknown as Record<string, (...args: unknown[]) => void>)['Check'];
        send?.call(client, { service }, (error: unknown, reply: unknown) =>
          error === null ? resolve(reply) : reject(error),
        );
      });
    expect(await check('nps.oracle.v1.Oracle')).toEqual({ status: 'SERVING' });
    expect(await codeOf(check('other'))).toMatchObject({ code: status.NOT_FOUND });
    client.close();
  });

  it('tells watchers when the Oracle goes down and comes back', async () => {
    const client = new (loadProtos().HealthClient)(running.grpcAddress, credentials.createInsecure());
    const watch = (client as unknown as Record<string, (request: object) => ClientReadableStream<{ status: string }>>)[
      'Watch'
    ];
    const stream = watch?.call(client, { service: '' });
    const seen: string[] = [];
    stream?.on('data', (reply: { status: string }) => seen.push(reply.status)).on('error', () => undefined);
    await waitFor(() => seen.includes('SERVING'));
    await running.switchFault({ fault: 'down' });
    await waitFor(() => seen.at(-1) === 'NOT_SERVING');
    await running.switchFault({ fault: 'none' });
    await waitFor(() => seen.at(-1) === 'SERVING');
    expect(seen).toEqual(['SERVING', 'NOT_SERVING', 'SERVING']);
    stream?.cancel();
    client.close();
  });
});
