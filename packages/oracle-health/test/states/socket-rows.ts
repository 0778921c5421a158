import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import { diskCheck, grpcCheck, tcpCheck, tlsCertificateCheck } from '../../src/index.js';
import { createCertificate } from '../peers/certificate.js';
import { startGrpcServer } from '../peers/grpc-server.js';
import { closedPort, hang, reset } from '../peers/tcp-peer.js';
import { limits, none, onHttp, onTcp, path, type Row, type Scene, status } from './scene.js';

async function onGrpc(behaviour: Parameters<typeof startGrpcServer>[0], service?: string): Promise<Scene> {
  const server = await startGrpcServer(behaviour);
  const check = grpcCheck({ address: `127.0.0.1:${server.port}`, ...limits, ...(service ? { service } : {}) });
  return { check, stop: server.stop };
}

async function onHttp2(status: number): Promise<Scene> {
  const server = createHttp2Server((_request, response) => {
    response.writeHead(status);
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { check: grpcCheck({ address: `127.0.0.1:${port}`, ...limits }), stop: () => server.close() };
}

async function onTls(days: number, commonName: string, settings: { ca?: boolean } = {}): Promise<Scene> {
  const notAfter = new Date(Date.now() + days * 86_400_000);
  const notBefore = new Date(Math.min(Date.now(), notAfter.getTime()) - 86_400_000);
  const certificate = createCertificate({ commonName, notBefore, notAfter });
  const server = createTlsServer(certificate, (socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const tls = settings.ca === false ? {} : { ca: certificate.cert };
  return { check: tlsCertificateCheck({ host: 'localhost', port, tls, ...limits }), stop: () => server.close() };
}

/** A real gRPC server. */
export const grpcRows: readonly Row[] = [
  ['grpc', 'SERVING', 'ok', () => onGrpc(() => ({ serving: 1 }))],
  [
    'grpc',
    'SERVING for the named service',
    'ok',
    () => onGrpc((service) => ({ serving: service === 'nps.Oracle' ? 1 : 2 }), 'nps.Oracle'),
  ],
  ['grpc', 'NOT_SERVING', 'error NOT_SERVING', () => onGrpc(() => ({ serving: 2 }))],
  ['grpc', 'UNKNOWN', 'error NOT_SERVING', () => onGrpc(() => ({ serving: 0 }))],
  ['grpc', 'a status that does not exist', 'error MALFORMED', () => onGrpc(() => ({ serving: 99 }))],
  ['grpc', 'unknown service', 'error NOT_FOUND', () => onGrpc(() => ({ code: 5 }), 'nps.Ghost')],
  ['grpc', 'no health service', 'error NOT_FOUND', () => onGrpc(() => ({ code: 12 }))],
  ['grpc', 'UNAUTHENTICATED', 'error AUTH', () => onGrpc(() => ({ code: 16 }))],
  ['grpc', 'UNAVAILABLE', 'error NOT_SERVING', () => onGrpc(() => ({ code: 14 }))],
  ['grpc', 'INTERNAL', 'error UNKNOWN', () => onGrpc(() => ({ code: 13 }))],
  ['grpc', 'a proxy that wants a sign-in', 'error AUTH', () => onHttp2(403)],
  ['grpc', 'a proxy without a server behind it', 'error NOT_SERVING', () => onHttp2(503)],
  ['grpc', 'another HTTP/2 server', 'error MALFORMED', () => onHttp2(200)],
  ['grpc', 'hangs', 'error TIMEOUT', () => onGrpc(() => 'hang')],
  [
    'grpc',
    'accepts and is silent',
    'error TIMEOUT',
    () => onTcp(hang, (port) => grpcCheck({ address: `127.0.0.1:${port}`, ...limits })),
  ],
  [
    'grpc',
    'speaks HTTP/1',
    'error MALFORMED',
    () => onHttp(status(200), (url) => grpcCheck({ address: url.replace('http://', ''), ...limits })),
  ],
  [
    'grpc',
    'resets',
    'error RESET',
    () => onTcp(reset, (port) => grpcCheck({ address: `127.0.0.1:${port}`, ...limits })),
  ],
  [
    'grpc',
    'refused',
    'error REFUSED',
    async () => none(grpcCheck({ address: `127.0.0.1:${await closedPort()}`, ...limits })),
  ],
];

/** Sockets, certificates and disks. */
export const socketRows: readonly Row[] = [
  ['tcp', 'takes a connection', 'ok', () => onTcp(hang, (port) => tcpCheck({ host: 'localhost', port }))],
  ['tcp', 'refused', 'error REFUSED', async () => none(tcpCheck({ host: '127.0.0.1', port: await closedPort() }))],
  [
    'tcp',
    'metadata service in IPv6 clothes',
    'error UNREACHABLE',
    () => none(tcpCheck({ host: '::ffff:169.254.169.254', port: 80 })),
  ],
  ['certificate', 'valid for 90 days', 'ok', () => onTls(90, 'localhost')],
  ['certificate', 'ends in 10 days', 'warning THRESHOLD', () => onTls(10, 'localhost')],
  ['certificate', 'ends tomorrow', 'error THRESHOLD', () => onTls(1, 'localhost')],
  ['certificate', 'expired', 'error EXPIRED', () => onTls(-5, 'localhost')],
  ['certificate', 'self-signed, unknown', 'error TLS', () => onTls(90, 'localhost', { ca: false })],
  ['certificate', 'for another name', 'error TLS', () => onTls(90, 'elsewhere')],
  [
    'certificate',
    'no TLS at all',
    'error TLS',
    () =>
      onHttp(status(200), (url) =>
        tlsCertificateCheck({ host: '127.0.0.1', port: Number(new URL(url).port), ...limits }),
      ),
  ],
  [
    'certificate',
    'silent server',
    'error TIMEOUT',
    () => onTcp(hang, (port) => tlsCertificateCheck({ host: '127.0.0.1', port, ...limits })),
  ],
  ['disk', 'folder gone', 'error NOT_FOUND', () => none(diskCheck({ path: `/nowhere${path}` }))],
];
