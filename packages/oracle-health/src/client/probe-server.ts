import { grpcHealthCall } from '../connection/grpc-health-call.js';
import { postgresSession } from '../connection/postgres-session.js';
import { redisDialogue } from '../connection/redis-dialogue.js';
import { type ConnectionContext, openTcp, openTls } from '../connection/socket.js';
import type { Target } from '../contract/index.js';
import { HealthError } from '../errors.js';
import type { Finding } from './probe-service.js';

const healthy: Finding = { status: 'healthy', health: null };

/** A TCP port takes a connection; with `tls://` it also shows a valid certificate. */
export async function probeTcp({ url }: Target, context: ConnectionContext): Promise<Finding> {
  const { protocol, hostname, port } = new URL(url);
  const open = protocol === 'tls:' ? openTls : openTcp;
  const socket = await open({ host: hostname, port: Number(port) }, context);
  socket.destroy();
  return healthy;
}

/** A gRPC server says SERVING; the path of the url names the service. */
export async function probeGrpc({ url }: Target, context: ConnectionContext): Promise<Finding> {
  const { protocol, host, pathname } = new URL(url);
  const question = { address: `${protocol}//${host}`, service: decodeURIComponent(pathname.slice(1)) };
  const status = await grpcHealthCall(question, context);
  if (status === 'SERVING') return healthy;
  throw new HealthError('NOT_SERVING', `The server says ${status}`);
}

/** PostgreSQL answers `SELECT 1`; one that takes no writes is degraded. */
export async function probePostgres({ url }: Target, context: ConnectionContext): Promise<Finding> {
  const { readOnly } = await postgresSession({ connectionString: url }, context);
  return readOnly ? { status: 'degraded', health: null } : healthy;
}

/** Redis answers PING. */
export async function probeRedis({ url }: Target, context: ConnectionContext): Promise<Finding> {
  await redisDialogue({ url }, context);
  return healthy;
}
