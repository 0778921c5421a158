import { type ClientHttp2Session, connect as connectHttp2, constants, type IncomingHttpHeaders } from 'node:http2';

import { HealthError } from '../errors.js';
import { checkPath, decodeCheckResponse, encodeCheckRequest, type ServingStatus } from '../grpc-health-message.js';
import { classOfGrpcStatus } from './grpc-class.js';
import { type ConnectionContext, openTcp, openTls } from './socket.js';

/** Whom to ask. */
export interface GrpcQuestion {
  /** `host:port`, `grpc://host:port` or `grpcs://host:port` (TLS). */
  readonly address: string;
  /** Name of the gRPC service; empty (the default) asks for the server as a whole. */
  readonly service?: string;
}

const maxAnswerBytes = 4_096;

/**
 * Calls `grpc.health.v1.Health/Check` over plain HTTP/2: one message of one field each way needs no gRPC library.
 * @throws HealthError whose `code` is the class of what is wrong
 */
export async function grpcHealthCall(question: GrpcQuestion, context: ConnectionContext): Promise<ServingStatus> {
  const { secure, host, port } = parseGrpcAddress(question.address);
  const open = secure ? openTls : openTcp;
  const tls = { ...context.tls, ALPNProtocols: ['h2'] };
  const socket = await open({ host, port }, { ...context, tls });
  const session = connectHttp2(`${secure ? 'https' : 'http'}://${host}:${port}`, { createConnection: () => socket });
  try {
    return await call(session, question.service ?? '', context.signal);
  } finally {
    session.destroy();
    socket.destroy();
  }
}

/** Splits `[grpc[s]://]host:port`. */
export function parseGrpcAddress(address: string): { secure: boolean; host: string; port: number } {
  const text = /^[a-z]+:\/\//i.test(address) ? address : `grpc://${address}`;
  const match = /^(grpcs?):\/\/(\[[0-9a-f:.]+\]|[^/:@?#\s]+):(\d{1,5})\/?$/i.exec(text);
  const port = Number(match?.[3]);
  if (match?.[2] !== undefined && port > 0 && port < 65_536) {
    return { secure: match[1]?.toLowerCase() === 'grpcs', host: match[2], port };
  }
  throw new HealthError('INVALID_OPTION', 'Expected a gRPC address of the form host:port');
}

function call(session: ClientHttp2Session, service: string, signal: AbortSignal): Promise<ServingStatus> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let sizeBytes = 0;
    let status: string | undefined;
    const readStatus = (headers: IncomingHttpHeaders) => {
      const httpStatus = Number(headers[':status'] ?? 200);
      if (httpStatus !== 200) reject(notGrpc(httpStatus));
      const grpcStatus = headers['grpc-status'];
      if (typeof grpcStatus === 'string') status = grpcStatus;
    };
    session.on('error', reject);
    session.once('close', () => reject(new HealthError('RESET', 'The gRPC connection was closed')));
    session.once('goaway', () => reject(new HealthError('NOT_SERVING', 'The gRPC server is going away')));
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: checkPath,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('response', readStatus);
    stream.on('trailers', readStatus);
    stream.on('error', reject);
    stream.on('data', (part: Buffer) => {
      sizeBytes += part.length;
      if (sizeBytes > maxAnswerBytes) reject(new HealthError('OVERSIZE', 'The gRPC answer is too long'));
      else parts.push(part);
    });
    stream.on('end', () => {
      if (status === '0') resolveOr(resolve, reject, Buffer.concat(parts));
      else reject(refusal(status));
    });
    stream.end(encodeFrame(encodeCheckRequest(service)));
  });
}

// What stands before the server answered: https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
function notGrpc(httpStatus: number): HealthError {
  const isRefusal = httpStatus === 401 || httpStatus === 403;
  const isGatewayFault = [429, 502, 503, 504].includes(httpStatus);
  const error = isRefusal ? 'AUTH' : isGatewayFault ? 'NOT_SERVING' : 'MALFORMED';
  return new HealthError(error, `Expected gRPC, got HTTP status ${httpStatus}`);
}

function resolveOr(resolve: (status: ServingStatus) => void, reject: (error: HealthError) => void, answer: Buffer) {
  const status = decodeFrame(answer);
  if (status) resolve(status);
  else reject(new HealthError('MALFORMED', 'Expected a grpc.health.v1.HealthCheckResponse'));
}

function refusal(status: string | undefined): HealthError {
  if (status === undefined) return new HealthError('MALFORMED', 'The gRPC answer has no grpc-status');
  return new HealthError(
    classOfGrpcStatus(Number(status)) ?? 'UNKNOWN',
    `The gRPC health call ended with status ${status}`,
  );
}

// A length-prefixed message: one byte "not compressed", four bytes of length.
function encodeFrame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function decodeFrame(answer: Buffer): ServingStatus | undefined {
  if (answer.length < 5 || answer[0] !== 0) return undefined;
  const message = answer.subarray(5);
  return message.length === answer.readUInt32BE(1) ? decodeCheckResponse(message) : undefined;
}
