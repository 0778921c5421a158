import { acknowledgeAlert } from '@nps/oracle-alerts/postgres';
import type { Pool } from 'pg';

/** One outage of an alert, and who has it for how long. */
export interface OutageRequest {
  readonly key: string;
  readonly incident: number;
  readonly by: string;
  readonly durationMs: number;
}

/**
 * Acknowledges this outage and no later one of the same alert; false when a later one is open.
 * @throws AlertsError `UNKNOWN_ALERT` when none is
 */
export async function acknowledgeOutage(pool: Pool, { incident, ...request }: OutageRequest): Promise<boolean> {
  const client = await pool.connect();
  let lost: Error | undefined;
  // A connection that dies says so twice: to the query, and here. Unheard, the second would end the process.
  const onLost = (error: Error) => {
    lost = error;
  };
  client.on('error', onLost);
  try {
    await client.query('BEGIN');
    // It takes whichever outage is open, and says which: of another than was meant nothing is kept.
    const isMeant = (await acknowledgeAlert(client, request)).incident === incident;
    await client.query(isMeant ? 'COMMIT' : 'ROLLBACK');
    return isMeant;
  } catch (error) {
    await client.query('ROLLBACK').catch(onLost);
    throw error;
  } finally {
    client.off('error', onLost);
    client.release(lost);
  }
}
