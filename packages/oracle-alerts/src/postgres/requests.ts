import type { Pool } from 'pg';
import type { Acknowledgement, AlertMatcher, Silence } from '../contract/index.js';
import { AlertsError } from '../errors.js';
import { storableJson, storableText } from './storable.js';

/** Silences that have not ended, earliest end first. */
export async function readSilences(pool: Pick<Pool, 'query'>): Promise<readonly Silence[]> {
  const { rows } = await pool.query<{
    id: string;
    matcher: AlertMatcher;
    starts_at: Date;
    ends_at: Date;
    created_by: string;
    comment: string;
  }>(
    'SELECT id, matcher, starts_at, ends_at, created_by, comment FROM silences WHERE ends_at > now() ORDER BY ends_at, id',
  );
  return rows.map((row) => ({
    id: row.id,
    matcher: row.matcher,
    startsAt: row.starts_at.getTime(),
    endsAt: row.ends_at.getTime(),
    createdBy: row.created_by,
    comment: row.comment,
  }));
}

/** Adds a silence, or changes the one of the same id. The alerter takes it up within 5 s. */
export async function storeSilence(pool: Pick<Pool, 'query'>, silence: Silence): Promise<void> {
  await pool.query(
    `INSERT INTO silences (id, matcher, starts_at, ends_at, created_by, comment) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (id) DO UPDATE SET matcher = excluded.matcher, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
       created_by = excluded.created_by, comment = excluded.comment`,
    [
      storableText(silence.id),
      storableJson(silence.matcher),
      new Date(silence.startsAt),
      new Date(silence.endsAt),
      storableText(silence.createdBy),
      storableText(silence.comment),
    ],
  );
}

/** Ends a silence; false when there is none of that id. */
export async function deleteSilence(pool: Pick<Pool, 'query'>, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('DELETE FROM silences WHERE id = $1', [storableText(id)]);
  return rowCount === 1;
}

/**
 * Records who knows about a firing alert. The alerter takes it up within 5 s.
 * @throws AlertsError `UNKNOWN_ALERT` when no alert with this key is firing
 */
export async function acknowledgeAlert(
  pool: Pick<Pool, 'query'>,
  request: {
    readonly key: string;
    readonly by: string;
    /** Default 4 h. */
    readonly durationMs?: number;
  },
): Promise<Acknowledgement> {
  const { rows } = await pool.query<{ incident: number; at: Date; until: Date }>(
    `INSERT INTO alert_acknowledgements (key, incident, acknowledged_by, acknowledged_at, acknowledged_until)
     SELECT key, (record->>'incident')::integer, $2, now(), now() + $3 * interval '1 millisecond'
     FROM alerts WHERE key = $1 AND is_open AND record->>'announcedAt' IS NOT NULL
     ON CONFLICT (key) DO UPDATE SET incident = excluded.incident, acknowledged_by = excluded.acknowledged_by,
       acknowledged_at = excluded.acknowledged_at, acknowledged_until = excluded.acknowledged_until
     RETURNING incident, acknowledged_at AS at, acknowledged_until AS until`,
    [storableText(request.key), storableText(request.by), request.durationMs ?? 4 * 3_600_000],
  );
  const [row] = rows;
  if (row === undefined) {
    throw new AlertsError(
      'UNKNOWN_ALERT',
      `expected the key of a firing alert, got ${JSON.stringify(request.key.slice(0, 200))}`,
    );
  }
  return { key: request.key, incident: row.incident, by: request.by, at: row.at.getTime(), until: row.until.getTime() };
}
