import type { Pool } from 'pg';
import type { Silence } from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import type {
  AlertStore,
  Fencing,
  OutboxNotice,
  Requests,
  StoredChange,
  StoredSnapshot,
  Telling,
} from '../store/alert-store.js';
import { LeadershipLock } from './leadership-lock.js';
import { readSilences, storeSilence } from './requests.js';
import { storableText } from './storable.js';
import { writeChange } from './write-change.js';

/** What the store works with. */
export interface PostgresStoreDeps {
  /** With `statement_timeout` and `connectionTimeoutMillis`; one of its connections is held by the leader. */
  readonly pool: Pool;
  /** Ms that never jump; default `performance.now`. */
  readonly monotonicMs?: () => number;
}

/** Alerts in PostgreSQL. State and outgoing notices are one transaction; a replaced leader's writes are refused. */
export function createPostgresStore({ pool, monotonicMs = () => performance.now() }: PostgresStoreDeps): AlertStore {
  const lock = new LeadershipLock(pool, monotonicMs);
  return {
    lead: (owner, leaseMs, isSpeaking = true) => lock.lead(owner, leaseMs, isSpeaking),
    resign: (epoch) => lock.resign(epoch),
    load: () => loadSnapshot(pool),
    store: (epoch, change) => storeChange(pool, { epoch, owner: lock.owner }, change),
    claim: (epoch, noticeIds, leaseMs) => claimNotices(pool, { epoch, owner: lock.owner }, noticeIds, leaseMs),
    loadRequests: () => loadRequests(pool),
    storeSilence: (silence) => storeSilence(pool, silence),
    deleteSilence: async (id) => {
      await pool.query('DELETE FROM silences WHERE id = $1', [id]);
    },
    storeAcknowledgement: async ({ key, incident, by, at, until }) => {
      await pool.query(
        `INSERT INTO alert_acknowledgements (key, incident, acknowledged_by, acknowledged_at, acknowledged_until)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (key) DO UPDATE SET incident = excluded.incident, acknowledged_by = excluded.acknowledged_by,
           acknowledged_at = excluded.acknowledged_at, acknowledged_until = excluded.acknowledged_until`,
        [storableText(key), incident, storableText(by), new Date(at), new Date(until)],
      );
    },
  };
}

async function loadSnapshot(pool: Pool): Promise<StoredSnapshot> {
  const alerts = await pool.query<{ key: string; record: AlertRecord }>('SELECT key, record FROM alerts');
  const notices = await pool.query<{ record: OutboxNotice }>(
    `SELECT record FROM notices WHERE state IN ('waiting', 'sending') ORDER BY sequence`,
  );
  const tellings = await pool.query<{ telling: Telling }>('SELECT telling FROM alert_tellings');
  return {
    alerts: alerts.rows.map(({ key, record }) => ({ ...record, key, service: serviceOf(key, record) })),
    notices: notices.rows.map(({ record }) => record),
    tellings: tellings.rows.map(({ telling }) => telling),
  };
}

/** The service's name to the letter: the key holds it escaped, the record as PostgreSQL could take it. */
function serviceOf(key: string, record: AlertRecord): string {
  const parts: unknown = JSON.parse(key);
  const name: unknown = Array.isArray(parts) ? parts[1] : undefined;
  return typeof name === 'string' ? name : record.service;
}

interface Leader {
  readonly epoch: number;
  readonly owner: string;
}

async function storeChange(pool: Pool, { epoch, owner }: Leader, change: StoredChange): Promise<Fencing> {
  const client = await pool.connect();
  let isBroken = false;
  // A connection that ends between two statements says so to whoever listens; the next statement fails by itself.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  try {
    await client.query('BEGIN');
    const leader = await client.query('SELECT 1 FROM alert_leadership WHERE epoch = $1 AND owner = $2 FOR SHARE', [
      epoch,
      owner,
    ]);
    if (leader.rowCount !== 1) {
      await client.query('ROLLBACK');
      return 'fenced';
    }
    await writeChange(client, change);
    await client.query('COMMIT');
    return 'stored';
  } catch (error) {
    isBroken = true;
    throw error;
  } finally {
    client.removeListener('error', ignore);
    // A connection in an unknown state does not go back to the pool.
    client.release(isBroken);
  }
}

async function claimNotices(
  pool: Pool,
  { epoch, owner }: Leader,
  noticeIds: readonly string[],
  leaseMs: number,
): Promise<Fencing> {
  const { rows } = await pool.query<{ leaders: string }>(
    `WITH leader AS (SELECT epoch FROM alert_leadership WHERE epoch = $1 AND owner = $4 FOR SHARE),
     taken AS (
       UPDATE notices SET claimed_epoch = $1, claimed_until = clock_timestamp() + $3 * interval '1 millisecond'
       WHERE EXISTS (SELECT 1 FROM leader) AND id IN (
         SELECT id FROM notices WHERE id = ANY($2) AND state IN ('waiting', 'sending') FOR UPDATE SKIP LOCKED
       ) RETURNING id
     )
     SELECT (SELECT count(*) FROM leader) AS leaders, (SELECT count(*) FROM taken) AS taken`,
    [epoch, noticeIds, leaseMs, owner],
  );
  return Number(rows[0]?.leaders) === 1 ? 'stored' : 'fenced';
}

async function loadRequests(pool: Pool): Promise<Requests> {
  const silences: readonly Silence[] = await readSilences(pool);
  const { rows } = await pool.query<{ key: string; incident: number; by: string; at: Date; until: Date }>(
    `SELECT key, incident, acknowledged_by AS by, acknowledged_at AS at, acknowledged_until AS until FROM alert_acknowledgements
     WHERE acknowledged_until > now() - interval '1 day'`,
  );
  return {
    silences,
    acknowledgements: rows.map((row) => ({ ...row, at: row.at.getTime(), until: row.until.getTime() })),
  };
}
