import type { Pool, PoolClient } from 'pg';
import { AlertsError } from '../errors.js';

/** Any number that no other part of the database uses: "nps" and "alrt" as ASCII. */
const LOCK = 0x6e7073_61_6c7274n.toString();

interface LeadershipRow {
  readonly epoch: string;
  readonly owner: string;
  readonly is_stale: boolean;
  readonly backend_pid: number | null;
}

/**
 * One leader by an advisory lock on a connection of its own, and a fencing epoch for whoever does not know that the lock
 * is lost. A leader whose row was not renewed within the lease (frozen, cut off) loses its connection to the next one.
 * Sessions own the lock: do not connect through a pooler in transaction mode.
 */
export class LeadershipLock {
  readonly #pool: Pool;
  readonly #monotonicMs: () => number;
  #client: PoolClient | null = null;
  #epoch: number | null = null;
  #lastOwner: string | null = null;
  #failedAtMs: number | null = null;
  #returnedAtMs: number | null = null;

  constructor(pool: Pool, monotonicMs: () => number) {
    this.#pool = pool;
    this.#monotonicMs = monotonicMs;
  }

  /** Who leads under an epoch: a failover that lost the last commits may grant an epoch a second time, to another. */
  get owner(): string {
    return this.#lastOwner ?? '';
  }

  /** The epoch, or null while another one leads. */
  async lead(owner: string, leaseMs: number, isSpeaking: boolean): Promise<number | null> {
    try {
      const epoch = this.#client === null ? await this.#acquire(owner, leaseMs, isSpeaking) : await this.#renew();
      if (epoch !== null) {
        this.#lastOwner = owner;
        this.#failedAtMs = null;
      }
      return epoch;
    } catch (error) {
      this.#drop(true);
      if (!(error instanceof AlertsError)) {
        this.#failedAtMs = this.#monotonicMs();
        this.#returnedAtMs = null;
      }
      throw error;
    }
  }

  async resign(epoch: number): Promise<void> {
    if (this.#client === null || this.#epoch !== epoch) return;
    const client = this.#client;
    let isBroken = true;
    try {
      await client.query(`UPDATE alert_leadership SET owner = '', backend_pid = NULL WHERE epoch = $1`, [epoch]);
      await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      isBroken = false;
    } finally {
      // A connection that stays out keeps the pool from ending, and with it the process.
      if (this.#client === client) this.#drop(isBroken);
    }
  }

  async #renew(): Promise<number | null> {
    const { rowCount } = (await this.#client?.query(
      'UPDATE alert_leadership SET renewed_at = clock_timestamp() WHERE epoch = $1 AND owner = $2',
      [this.#epoch, this.#lastOwner],
    )) ?? { rowCount: 0 };
    if (rowCount === 1) return this.#epoch;
    this.#drop(true);
    return null;
  }

  async #acquire(owner: string, leaseMs: number, isSpeaking: boolean): Promise<number | null> {
    const client = await this.#pool.connect();
    this.#client = client;
    // The pool's own listener is gone while a client is out: without one, a lost connection would end the process.
    client.on('error', this.#onClientError);
    const row = await this.#row(client, leaseMs);
    this.#waitForSpeaker(row, leaseMs, isSpeaking);
    if (!(await this.#lock(client)) && !(await this.#wrest(client, row))) {
      this.#drop(false);
      return null;
    }
    const { rows } = await client.query<{ epoch: string }>(
      `UPDATE alert_leadership SET epoch = epoch + 1, owner = $1, backend_pid = pg_backend_pid(), renewed_at = clock_timestamp()
       RETURNING epoch`,
      [owner],
    );
    this.#epoch = Number(rows[0]?.epoch);
    return this.#epoch;
  }

  async #row(client: PoolClient, leaseMs: number): Promise<LeadershipRow> {
    const { rows } = await client.query<LeadershipRow>(
      `SELECT epoch, owner, backend_pid, renewed_at < clock_timestamp() - $1 * interval '1 millisecond' AS is_stale FROM alert_leadership`,
      [leaseMs],
    );
    const [row] = rows;
    if (row === undefined)
      throw new Error('table alert_leadership has no row: run the migrations of @nps/oracle-alerts');
    return row;
  }

  /**
   * After an outage of the database everybody's lock is free, and the one who led meanwhile must be the one to return: it
   * alone knows what it said. First the former leader, then another one that speaks from memory, then the silent ones.
   */
  #waitForSpeaker(row: LeadershipRow, leaseMs: number, isSpeaking: boolean): void {
    if (this.#failedAtMs === null || row.owner === '') return;
    if (isSpeaking && row.owner === this.#lastOwner) return;
    this.#returnedAtMs ??= this.#monotonicMs();
    if (this.#monotonicMs() - this.#returnedAtMs >= (isSpeaking ? leaseMs / 2 : leaseMs)) {
      this.#failedAtMs = null;
      return;
    }
    throw new AlertsError('STORE', 'the database is back: waiting for whoever led without it');
  }

  async #lock(client: PoolClient): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [LOCK]);
    return rows[0]?.locked === true;
  }

  async #wrest(client: PoolClient, row: LeadershipRow): Promise<boolean> {
    if (!row.is_stale || row.backend_pid === null) return false;
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = $1 AND pid <> pg_backend_pid()`,
      [row.backend_pid],
    );
    // The lock is free as soon as that backend is gone.
    await client.query('SELECT pg_sleep(0.1)');
    return this.#lock(client);
  }

  readonly #onClientError = (): void => this.#drop(true);

  #drop(isBroken: boolean): void {
    const client = this.#client;
    this.#client = null;
    this.#epoch = null;
    if (client === null) return;
    if (!isBroken) client.removeListener('error', this.#onClientError);
    client.release(isBroken);
  }
}
