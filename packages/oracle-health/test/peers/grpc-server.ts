import { Server, ServerCredentials, status } from '@grpc/grpc-js';

/** What the server does with a health call: a serving status by number, a gRPC error code, or nothing at all. */
export type GrpcBehaviour = { readonly serving: number } | { readonly code: number } | 'hang';

const path = '/grpc.health.v1.Health/Check';

/** A real gRPC server whose health service is written by hand, so that it can misbehave. */
export async function startGrpcServer(
  behaviour: (service: string) => GrpcBehaviour,
  tls?: { key: string; cert: string },
) {
  const server = new Server();
  server.addService(
    {
      Check: {
        path,
        requestStream: false,
        responseStream: false,
        requestDeserialize: (bytes: Buffer) => ({ service: bytes.subarray(2).toString('utf8') }),
        requestSerialize: () => Buffer.alloc(0),
        responseSerialize: (serving: number) => Buffer.from(serving === 0 ? [] : [0x08, serving]),
        responseDeserialize: () => 0,
      },
    },
    {
      Check(call: { request: { service: string } }, callback: (error: object | null, serving?: number) => void) {
        const answer = behaviour(call.request.service);
        if (answer === 'hang') return;
        if ('code' in answer) callback({ code: answer.code, details: 'no' });
        else callback(null, answer.serving);
      },
    },
  );
  const credentials = tls
    ? ServerCredentials.createSsl(null, [{ private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert) }])
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { port, stop: () => server.forceShutdown(), codes: status };
}
