/** The other alerters of the same database, found through it and asked directly while it is away (decision 14). */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { AlertEngine, Clock, ReplicaAnswer, ReplicaState } from '@nps/oracle-alerts';
import axios from 'axios';
import type { Database } from './database.js';
import type { Migration } from './migrate.js';
import { createRepeat } from './repeat.js';

/** What the alerters of one database know of each other. */
export const migrations: readonly Migration[] = [
  {
    id: 'alerter-0001',
    sql: `
CREATE TABLE alerter_replicas (
  name text PRIMARY KEY,
  address text NOT NULL,
  secret text NOT NULL,
  seen_at timestamptz NOT NULL
);`,
  },
];

/** Where replicas are asked; the answer is for those who can read the database. */
export const REPLICA_PATH = '/replica';

const MEET_EVERY_MS = 5000;
/** One that was not seen for longer is gone. */
const GONE_AFTER_SECONDS = 60;
const ASK_TIMEOUT_MS = 2000;
const EPOCH_WANTED = 'expected ?epoch=, the number of the leadership that takes over';
/** Thousands of open alerts. */
const ANSWER_BYTES = 32 * 1024 * 1024;

/** The replicas of one database. */
export interface Replicas {
  /** @param address where this one can be reached by the others */
  start(address: string): Promise<void>;
  /** Takes its leave, as far as the database can be reached. */
  stop(): Promise<void>;
  /** @param takingOver the epoch under which this one leads from now on: the others fall silent and say what they told */
  ask(takingOver?: number): Promise<readonly ReplicaAnswer[]>;
  /** Answers another replica that asks. */
  answer(request: IncomingMessage, response: ServerResponse): void;
  /** Leaves the word to another replica, which takes over under the epoch of its request. */
  yield(request: IncomingMessage, response: ServerResponse): void;
}

/** What the replicas need. */
export interface ReplicasDeps {
  readonly clock: Clock;
  readonly database: Pick<Database, 'pool' | 'state'>;
  /** Stable name of this replica. */
  readonly name: string;
  readonly engine: Pick<AlertEngine, 'replica' | 'yieldTo'>;
  readonly onError: (error: unknown) => void;
}

interface Other {
  readonly name: string;
  readonly address: string;
  readonly secret: string;
}

/** Builds them; nothing is written before `start()`. */
export function createReplicas({ clock, database, name, engine, onError }: ReplicasDeps): Replicas {
  const secret = randomBytes(24).toString('base64url');
  let address = '';
  let others: readonly Other[] = [];
  const isAllowed = ({ headers }: IncomingMessage): boolean => isSame(headers.authorization ?? '', `Bearer ${secret}`);
  const meet = async (): Promise<void> => {
    if (database.state() !== 'ready') return;
    await database.pool.query(
      `INSERT INTO alerter_replicas (name, address, secret, seen_at) VALUES ($1, $2, $3, clock_timestamp())
       ON CONFLICT (name) DO UPDATE SET address = excluded.address, secret = excluded.secret, seen_at = excluded.seen_at`,
      [name, address, secret],
    );
    const { rows } = await database.pool.query<Other>(
      `SELECT name, address, secret FROM alerter_replicas
       WHERE name <> $1 AND seen_at > clock_timestamp() - $2 * interval '1 second' ORDER BY name`,
      [name, GONE_AFTER_SECONDS],
    );
    others = rows;
  };
  const meetings = createRepeat({ clock, everyMs: MEET_EVERY_MS, run: meet, onError });
  return {
    start: async (own) => {
      address = own;
      await meet().catch(onError);
      meetings.start();
    },
    stop: async () => {
      await meetings.stop();
      if (database.state() !== 'ready') return;
      await database.pool.query('DELETE FROM alerter_replicas WHERE name = $1', [name]).catch(onError);
    },
    ask: (takingOver) => Promise.all(others.map((other) => askOne(other, takingOver))),
    answer: (request, response) => {
      if (isAllowed(request)) send(response, 200, engine.replica());
      else send(response, 401, {});
    },
    yield: (request, response) => {
      if (!isAllowed(request)) return send(response, 401, {});
      const epoch = epochOf(request.url ?? '');
      if (epoch === null) return send(response, 400, { detail: EPOCH_WANTED });
      engine.yieldTo(epoch).then(
        (state) => send(response, 200, state),
        (error: unknown) => {
          onError(error);
          send(response, 500, {});
        },
      );
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function epochOf(url: string): number | null {
  const epoch = Number(/\?epoch=(\d{1,15})$/.exec(url)?.[1] ?? Number.NaN);
  return Number.isNaN(epoch) ? null : epoch;
}

async function askOne({ name, address, secret }: Other, takingOver?: number): Promise<ReplicaAnswer> {
  try {
    const answer = await axios.request<ReplicaState>({
      method: takingOver === undefined ? 'GET' : 'POST',
      url: `${address}${REPLICA_PATH}`,
      ...(takingOver === undefined ? {} : { params: { epoch: takingOver } }),
      headers: { authorization: `Bearer ${secret}` },
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
      maxRedirects: 0,
      maxContentLength: ANSWER_BYTES,
      validateStatus: () => true,
    });
    if (answer.status === 200 && isState(answer.data)) return { name, word: 'answered', state: answer.data };
    // Somebody else lives there by now: its secret is another.
    return { name, word: answer.status === 401 ? 'gone' : 'silent' };
  } catch (error) {
    return { name, word: (error as { readonly code?: unknown }).code === 'ECONNREFUSED' ? 'gone' : 'silent' };
  }
}

function isState(value: unknown): value is ReplicaState {
  if (typeof value !== 'object' || value === null) return false;
  const { role, snapshot } = value as Partial<ReplicaState>;
  if (role === 'standby') return true;
  return role === 'leader' && typeof snapshot === 'object' && snapshot !== null && Array.isArray(snapshot.alerts);
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Where others reach this machine, when the operator does not say: the address it listens at, or its first outward one. */
export function ownAddress(host: string, port: number): string {
  const isWildcard = host === '0.0.0.0' || host === '::' || host === '';
  const outward = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const found = isWildcard ? outward.find(({ internal, family }) => !internal && family === 'IPv4')?.address : host;
  const name = found ?? '127.0.0.1';
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
