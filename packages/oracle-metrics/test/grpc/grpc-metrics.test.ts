import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { grpcMetrics } from '../../src/grpc/index.js';
import { createMetrics, grpcMetrics as fromRoot } from '../../src/index.js';

const bytes = {
  requestSerialize: identity,
  requestDeserialize: identity,
  responseSerialize: identity,
  responseDeserialize: identity,
};

function identity(value: Buffer): Buffer {
  return value;
}

const service = {
  GetReading: { path: '/oracle.Oracle/GetReading', requestStream: false, responseStream: false, ...bytes },
  SuggestRange: { path: '/oracle.Oracle/SuggestRange', requestStream: false, responseStream: true, ...bytes },
} satisfies grpc.ServiceDefinition;

const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function serve(implementation: grpc.UntypedServiceImplementation, intercept = grpcMetrics) {
  const metrics = createMetrics({ service: 'oracle' });
  const server = new grpc.Server({ interceptors: [intercept(metrics)] });
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const client = new (grpc.makeGenericClientConstructor(service, 'Oracle'))(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
  );
  stops.push(
    () => client.close(),
    () => server.forceShutdown(),
  );
  return {
    metrics,
    client: client as unknown as Record<string, (...given: unknown[]) => grpc.ClientReadableStream<Buffer>>,
  };
}

const unary = (answer: (done: grpc.sendUnaryData<Buffer>) => void) => ({
  GetReading: (_call: unknown, done: grpc.sendUnaryData<Buffer>) => answer(done),
  SuggestRange: (call: grpc.ServerWritableStream<Buffer, Buffer>) => call.end(),
});

describe('grpcMetrics', () => {
  it('is the same from the entry that does not know grpc-js', async () => {
    const { metrics, client } = await serve(
      unary((done) => done(null, Buffer.from('leo'))),
      (recorder) => fromRoot(recorder),
    );
    await new Promise((resolve) => client.GetReading?.(Buffer.from('?'), resolve));
    await waitFor(() => metrics.getMetrics().rpc.GetReading?.by_code.OK === 1, { timeoutMs: 2000 });
  });

  it('hands on what else a call can tell its handler', async () => {
    let peer = '';
    const { client } = await serve({
      GetReading: (call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
        peer = call.getPeer();
        call.sendMetadata(new grpc.Metadata());
        done(null, Buffer.from(String(call.getDeadline())));
      },
      SuggestRange: () => undefined,
    });
    const answer = await new Promise((resolve) =>
      client.GetReading?.(Buffer.from('?'), (_error: unknown, value: Buffer) => resolve(value.toString())),
    );
    expect([peer, answer]).toEqual([expect.stringMatching(/^127\.0\.0\.1:/), 'Infinity']);
  });

  it('counts and times a call that went well under its method', async () => {
    const { metrics, client } = await serve(unary((done) => done(null, Buffer.from('leo'))));
    const answer = await new Promise((resolve) =>
      client.GetReading?.(Buffer.from('?'), (_error: unknown, value: Buffer) => resolve(value.toString())),
    );
    expect(answer).toBe('leo');
    await waitFor(() => metrics.getMetrics().rpc.GetReading?.count === 1, { timeoutMs: 2000 });
    expect(metrics.getMetrics().rpc.GetReading).toMatchObject({
      errors: 0,
      by_code: { OK: 1 },
      p99: expect.any(Number),
    });
    expect(metrics.toPrometheus()).toContain('rpc_requests_total{method="GetReading",code="OK"} 1\n');
  });

  it.each([
    ['INTERNAL', 1],
    ['UNAVAILABLE', 1],
    ['INVALID_ARGUMENT', 0],
    ['NOT_FOUND', 0],
  ] as const)('counts status %s with %i server errors', async (name, errors) => {
    const { metrics, client } = await serve(unary((done) => done({ code: grpc.status[name], details: 'x' })));
    const code = await new Promise((resolve) =>
      client.GetReading?.(Buffer.from('?'), (error: grpc.ServiceError) => resolve(error.code)),
    );
    expect(code).toBe(grpc.status[name]);
    await waitFor(() => metrics.getMetrics().rpc.GetReading?.count === 1, { timeoutMs: 2000 });
    expect(metrics.getMetrics().rpc.GetReading).toMatchObject({ errors, by_code: { [name]: 1 } });
  });

  it('counts a handler that throws as UNKNOWN', async () => {
    const { metrics, client } = await serve(
      unary(() => {
        throw new Error('x');
      }),
    );
    await new Promise((resolve) => client.GetReading?.(Buffer.from('?'), resolve));
    await waitFor(() => metrics.getMetrics().rpc.GetReading?.by_code.UNKNOWN === 1, { timeoutMs: 2000 });
  });

  it('times a stream to its end and counts a client that gives up as CANCELLED', async () => {
    const { metrics, client } = await serve({
      GetReading: () => undefined,
      SuggestRange: (call: grpc.ServerWritableStream<Buffer, Buffer>) => {
        call.write(Buffer.from('one'));
        if (call.request.toString() === 'short') call.end();
      },
    });
    const short = client.SuggestRange?.(Buffer.from('short'));
    short?.on('data', () => undefined);
    await new Promise((resolve) => short?.on('end', () => resolve(null)));
    await waitFor(() => metrics.getMetrics().rpc.SuggestRange?.by_code.OK === 1, { timeoutMs: 2000 });
    const endless = client.SuggestRange?.(Buffer.from('endless'));
    endless?.on('error', () => undefined);
    await new Promise((resolve) => endless?.once('data', () => resolve(null)));
    endless?.cancel();
    await waitFor(() => metrics.getMetrics().rpc.SuggestRange?.by_code.CANCELLED === 1, { timeoutMs: 2000 });
  });
});
