import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import axios from 'axios';
import { loadProtos } from '../grpc/protos.js';
import type { PlannedRequest } from './plan.js';

/** How one request ended: answered, refused as failed, or without an answer at all. */
export type SendResult = 'answered' | 'failed' | 'no_answer';

/** Sends planned requests to one Oracle. */
export interface Sender {
  /** Never throws. */
  send(request: PlannedRequest): Promise<SendResult>;
  close(): void;
}

export interface SenderConfig {
  /** Base of the HTTP API, e.g. `http://127.0.0.1:8000`. */
  readonly apiUrl: string;
  /** `host:port` of the gRPC server. */
  readonly grpcAddress: string;
  /** Total time of one request. */
  readonly timeoutMs: number;
}

/** A gRPC client made from a definition has a method per RPC, which its type does not know. */
type UnaryMethod = (
  request: unknown,
  options: { readonly deadline: number },
  callback: (error: ServiceError | null) => void,
) => unknown;

/** Opens no connection before the first request. */
export function createSender({ apiUrl, grpcAddress, timeoutMs }: SenderConfig): Sender {
  const client = new (loadProtos().OracleClient)(grpcAddress, credentials.createInsecure(), {
    // After an absence, look again soon: the default waits up to two minutes.
    'grpc.max_reconnect_backoff_ms': 2000,
  });
  const viaGrpc = (request: PlannedRequest): Promise<SendResult> =>
    new Promise((resolve) => {
      const method = (client as unknown as Readonly<Record<string, UnaryMethod>>)[request.operation];
      method?.call(client, request.body, { deadline: Date.now() + timeoutMs }, (error) => {
        if (error === null) resolve('answered');
        else resolve([status.UNAVAILABLE, status.DEADLINE_EXCEEDED].includes(error.code) ? 'no_answer' : 'failed');
      });
    });
  const viaHttp = async ({ body }: PlannedRequest): Promise<SendResult> => {
    try {
      const { status: code } = await axios.post(`${apiUrl}/api/oracle/reading`, body, {
        signal: AbortSignal.timeout(timeoutMs),
        validateStatus: () => true,
        maxRedirects: 0,
        maxContentLength: 1_000_000,
        proxy: false,
      });
      if (code === 503) return 'no_answer';
      return code < 400 ? 'answered' : 'failed';
    } catch {
      return 'no_answer';
    }
  };
  return {
    send: (request) => (request.via === 'http' ? viaHttp(request) : viaGrpc(request)),
    close: () => client.close(),
  };
}
