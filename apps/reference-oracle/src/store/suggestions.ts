import type { NumberRange } from '../patterns/range.js';
import type { Database } from './database.js';

/** A suggested range before it has an id. */
export interface NewSuggestion extends NumberRange {
  readonly userId: string | null;
  readonly confidenceRatio: number;
  readonly basedOn: number;
  readonly reason: string;
}

/** Table `oracle_suggestions`. Every method throws OracleError DATABASE_AWAY when PostgreSQL does not answer. */
export interface SuggestionStore {
  /** @returns the id of the new row */
  store(suggestion: NewSuggestion): Promise<string>;
  /** The newest ranges suggested to this user (null: to nobody by name) that touch the space. */
  loadRanges(userId: string | null, space: NumberRange, limit: number): Promise<readonly NumberRange[]>;
}

const INSERT = `
  INSERT INTO oracle_suggestions (user_id, range_start, range_end, confidence_ratio, based_on, reason)
  VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`;

const SELECT_RANGES = `
  SELECT range_start::text AS start, range_end::text AS end
  FROM oracle_suggestions
  WHERE user_id IS NOT DISTINCT FROM $1 AND range_start <= $3::numeric AND range_end >= $2::numeric
  ORDER BY created_at DESC
  LIMIT $4`;

/** The store over PostgreSQL. */
export function createSuggestionStore(database: Database): SuggestionStore {
  return {
    store: async ({ userId, start, end, confidenceRatio, basedOn, reason }) => {
      const values = [userId, start.toString(), end.toString(), confidenceRatio, basedOn, reason];
      const rows = await database.query<{ id: string }>(INSERT, values);
      return rows[0]?.id ?? '';
    },
    loadRanges: async (userId, space, limit) => {
      const values = [userId, space.start.toString(), space.end.toString(), limit];
      const rows = await database.query<{ start: string; end: string }>(SELECT_RANGES, values);
      return rows.map((row) => ({ start: BigInt(row.start), end: BigInt(row.end) }));
    },
  };
}
