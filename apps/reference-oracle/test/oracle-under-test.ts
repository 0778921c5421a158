import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { createLogger } from '@nps/oracle-logger';
import { createTestDatabase } from '@nps/testing';
import { readConfig } from '../src/config.js';
import { loadProtos } from '../src/grpc/protos.js';
import { createOracle, type Oracle, type OracleDeps } from '../src/oracle.js';

/** A reply or an error body, read freely by tests. */
export type Json = Readonly<Record<string, any>>; // oxlint-disable-line typescript/no-explicit-any

/** An Oracle that runs in this process on free ports, with a database and a log folder of its own. */
export interface OracleUnderTest {
  readonly oracle: Oracle;
  readonly databaseUrl: string;
  readonly apiUrl: string;
  readonly grpcAddress: string;
  readonly sidecarUrl: string;
  /** Calls an RPC over a socket. */
  call(method: string, request?: object, metadata?: Readonly<Record<string, string>>): Promise<Json>;
  /** `POST /api/oracle/reading` */
  post(
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: Json }>;
  /** A GET of the sidecar, parsed. */
  get(path: string): Promise<{ readonly status: number; readonly body: Json }>;
  switchFault(fault: Json): Promise<number>;
  /** Every line of the log so far, from the files. */
  logLines(): readonly Json[];
  logText(): string;
  stop(): Promise<void>;
}

export interface UnderTestOptions extends Omit<OracleDeps, 'logger'> {
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a fresh database, dropped at the end. */
  readonly databaseUrl?: string;
}

/** Ports 0, faults switchable, no waiting before a stop; `env` changes any of it. */
export async function startOracleUnderTest({
  env = {},
  databaseUrl,
  ...deps
}: UnderTestOptions = {}): Promise<OracleUnderTest> {
  const database = databaseUrl === undefined ? await createTestDatabase() : null;
  const url = databaseUrl ?? database?.connectionString ?? '';
  const logs = mkdtempSync(join(tmpdir(), 'oracle-logs-'));
  const ports = { ORACLE_GRPC_PORT: '0', ORACLE_API_PORT: '0', ORACLE_HTTP_PORT: '0' };
  const config = readConfig({
    DATABASE_URL: url,
    ORACLE_FAULTS: 'on',
    ORACLE_DRAIN_MS: '0',
    LOG_DIR: logs,
    ...ports,
    ...env,
  });
  const logger = createLogger({ service: 'oracle', directory: logs, console: false, level: config.logLevel });
  const oracle = createOracle(config, { logger, ...deps });
  const bound = await oracle.start();
  const [apiUrl, sidecarUrl] = [`http://127.0.0.1:${bound.api}`, `http://127.0.0.1:${bound.sidecar}`];
  const grpcAddress = `127.0.0.1:${bound.grpc}`;
  const client = new (loadProtos().OracleClient)(grpcAddress, credentials.createInsecure());
  const logText = () =>
    readdirSync(logs)
      .filter((name) => name.endsWith('.log'))
      .map((name) => readFileSync(join(logs, name), 'utf8'))
      .join('');
  return {
    oracle,
    databaseUrl: url,
    apiUrl,
    grpcAddress,
    sidecarUrl,
    call: (method, request = {}, metadata = {}) => callUnary(client, method, request, metadata),
    post: async (body, headers = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const reply = await fetch(`${apiUrl}/api/oracle/reading`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: text,
      });
      return { status: reply.status, body: (await reply.json()) as Json };
    },
    get: async (path) => {
      const reply = await fetch(`${sidecarUrl}${path}`);
      return { status: reply.status, body: (await reply.json()) as Json };
    },
    switchFault: async (fault) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) };
      return (await fetch(`${sidecarUrl}/faults`, init)).status;
    },
    logText,
    logLines: () =>
      readFileSync(join(logs, 'oracle.log'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Json),
    stop: async () => {
      client.close();
      await oracle.stop();
      await logger.close();
      await database?.drop();
      rmSync(logs, { recursive: true, force: true });
    },
  };
}

type UnaryMethod = (
  request: object,
  metadata: Metadata,
  options: { readonly deadline: number },
  done: (error: ServiceError | null, reply: Json) => void,
) => void;

function callUnary(
  client: object,
  method: string,
  request: object,
  headers: Readonly<Record<string, string>>,
): Promise<Json> {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return new Promise((resolve, reject) => {
    const send = (client as Readonly<Record<string, UnaryMethod>>)[method];
    if (send === undefined) throw new Error(`the proto has no RPC ${method}`);
    send.call(client, request, metadata, { deadline: Date.now() + 15_000 }, (error, reply) => {
      if (error === null) resolve(reply);
      else reject(error);
    });
  });
}
