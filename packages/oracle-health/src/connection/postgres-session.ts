import { Socket } from 'node:net';

import type { ErrorClass } from '../contract/index.js';
import { HealthError } from '../errors.js';
import { createFrameGuard } from './postgres-frames.js';
import { type ConnectionContext, fixedLookup } from './socket.js';

/** How to reach a database: a connection string, or the settings of a `pg` pool or client. */
export type PostgresConnection = Readonly<Record<string, unknown>>;

/** What a database said of itself. */
export interface PostgresAnswer {
  /** A standby, or a database whose transactions are read-only by default. */
  readonly readOnly: boolean;
}

interface PgClient {
  connect(): Promise<unknown>;
  query(text: string): Promise<{ rows: readonly Readonly<Record<string, unknown>>[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  readonly connection?: { attachListeners?: (stream: Socket) => void; ssl?: unknown };
}

type PgClientClass = new (config: object) => PgClient;

// Longest the server works on the question; our own deadline covers connecting and waiting.
const statementTimeoutMs = 1_000;

// SQLSTATE 08P01
const protocolViolation = '08P01';

// current_setting('transaction_read_only') is on during recovery too.
const question = "SELECT 1 AS one, current_setting('transaction_read_only') AS read_only";

/**
 * Opens a connection of its own (never one of the service's pool), asks `SELECT 1`, and closes it.
 * @throws HealthError `PEER_MISSING` without the `pg` package; else whatever `pg` reports
 */
export async function postgresSession(
  connection: PostgresConnection,
  context: ConnectionContext,
): Promise<PostgresAnswer> {
  const Client = await loadClient();
  try {
    return await ask(Client, { ...connection, statement_timeout: statementTimeoutMs }, context);
  } catch (error) {
    if ((error as { code?: unknown }).code !== protocolViolation) throw error;
    // PgBouncer refuses start-up parameters it does not know.
    return ask(Client, connection, context);
  }
}

async function ask(Client: PgClientClass, connection: PostgresConnection, context: ConnectionContext) {
  const { signal } = context;
  signal.throwIfAborted();
  const socket = createResolvingSocket(context);
  const client = new Client({ application_name: 'nps-oracle-health', ...connection, stream: socket });
  // An error after the answer concerns nobody; without a listener it would end the process.
  client.on('error', () => undefined);
  guardParser(client);
  trust(client, context.tls);
  const onAbort = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await client.connect();
    const { rows } = await client.query(question);
    await client.end();
    return { readOnly: rows[0]?.['read_only'] === 'on' };
  } catch (error) {
    throw signal.aborted ? (signal.reason as Error) : withCode(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}

// A connection string says whether to speak TLS, and can name no authority but a file.
function trust({ connection }: PgClient, tls: ConnectionContext['tls']): void {
  if (!connection?.ssl || !tls) return;
  const given = connection.ssl === true ? {} : (connection.ssl as { readonly key?: unknown });
  // pg hides the key from enumeration.
  connection.ssl = { ...given, ...('key' in given ? { key: given.key } : {}), ...tls };
}

/**
 * pg parses inside the socket's `data` event and throws there (or loops for ever) on what no PostgreSQL would say,
 * which would end the process: a hostile target must not be able to. `attachListeners` is where pg hands over the
 * stream, plain or TLS.
 */
function guardParser({ connection }: PgClient): void {
  const attach = connection?.attachListeners?.bind(connection);
  if (!connection || !attach) return;
  connection.attachListeners = (stream) => {
    const isSound = createFrameGuard();
    const emit = stream.emit.bind(stream) as (...args: unknown[]) => boolean;
    const refuse = (cause?: unknown): boolean => {
      stream.destroy(new HealthError('MALFORMED', 'The server does not speak the PostgreSQL protocol', cause));
      return true;
    };
    stream.emit = (...args: unknown[]) => {
      try {
        if (args[0] === 'data' && !isSound(args[1] as Buffer)) return refuse();
        return emit(...args);
      } catch (error) {
        return refuse(error);
      }
    };
    attach(stream);
  };
}

// What pg says itself carries no code; these are its own fixed texts.
const codeByText: readonly (readonly [pattern: RegExp, code: ErrorClass])[] = [
  [/does not support SSL|error establishing an SSL connection|SSL negotiation/i, 'TLS'],
  [/Connection terminated/i, 'RESET'],
  [/timeout/i, 'TIMEOUT'],
  [/client password/i, 'AUTH'],
  [/invalid response|unexpected .*message|Unknown authenticationOk|SASL/i, 'MALFORMED'],
];

function withCode(error: unknown): unknown {
  if (!(error instanceof Error) || typeof (error as { code?: unknown }).code === 'string') return error;
  const code = codeByText.find(([pattern]) => pattern.test(error.message))?.[1];
  return code === undefined ? error : new HealthError(code, error.message, error);
}

async function loadClient(): Promise<PgClientClass> {
  try {
    const pg = (await import('pg')) as { default?: { Client?: unknown }; Client?: unknown };
    return (pg.default?.Client ?? pg.Client) as PgClientClass;
  } catch (error) {
    throw new HealthError('PEER_MISSING', 'Checking PostgreSQL needs the package pg: npm install pg', error);
  }
}

/** A socket that resolves names with our resolver, whoever calls `connect(port, host)` on it. */
function createResolvingSocket({ resolver, signal }: ConnectionContext): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket) as (...args: unknown[]) => Socket;
  const connectResolved = (...args: unknown[]): Socket => {
    const [port, host] = args;
    // A path: the unix socket in a local directory.
    if (typeof port !== 'number' || typeof host !== 'string') return connect(...args);
    resolver.resolve(host, signal).then(
      (addresses) => {
        if (!socket.destroyed) connect({ port, host, lookup: fixedLookup(addresses) });
      },
      (error: Error) => socket.destroy(error),
    );
    return socket;
  };
  socket.connect = connectResolved;
  return socket;
}
