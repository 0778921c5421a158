import { type CalendarDate, formatCalendarDate } from '../numerology/calendar-date.js';
import type { PatternSample } from '../patterns/patterns.js';
import type { Database } from './database.js';

/** What the Oracle was asked for. */
export type InsightKind = 'reading' | 'name' | 'question' | 'daily' | 'timing';

/** Who wrote the text. */
export type TextSource = 'computed' | 'ai';

/** An insight before it has an id. Names, birth dates and questions are not kept: only what was computed from them. */
export interface NewInsight {
  readonly kind: InsightKind;
  readonly userId: string | null;
  /** The number the insight is about: 0–9, 11, 22 or 33. */
  readonly number: number;
  readonly numbers: Readonly<Record<string, number>>;
  readonly text: string;
  readonly source: TextSource;
  readonly on: CalendarDate;
}

/** A stored insight of the day. */
export interface StoredDaily {
  readonly id: string;
  readonly number: number;
  readonly text: string;
}

/** Table `insights`. Every method throws OracleError DATABASE_AWAY when PostgreSQL does not answer. */
export interface InsightStore {
  /** @returns the id of the new row */
  store(insight: NewInsight): Promise<string>;
  /** Stores the insight of a day unless the day has one, and returns the one that stands. */
  storeDaily(insight: NewInsight): Promise<{ readonly insight: StoredDaily; readonly isNew: boolean }>;
  /** The newest insights of a user (null: of everybody, the daily ones too), for the analysis. */
  loadSamples(userId: string | null, limit: number): Promise<readonly PatternSample[]>;
}

const INSERT = `INSERT INTO insights (kind, user_id, number, numbers, text, source, insight_on) VALUES ($1, $2, $3, $4, $5, $6, $7)`;

const INSERT_DAILY = `
  WITH written AS (${INSERT} ON CONFLICT (insight_on) WHERE kind = 'daily' DO NOTHING RETURNING id, number, text)
  SELECT id, number, text, true AS is_new FROM written
  UNION ALL
  SELECT id, number, text, false FROM insights WHERE kind = 'daily' AND insight_on = $7
  LIMIT 1`;

const SELECT_SAMPLES = `
  SELECT number, (extract(epoch FROM created_at) * 1000)::float8 AS at_ms
  FROM insights
  WHERE number > 0 AND ($1::text IS NULL OR user_id = $1)
  ORDER BY created_at DESC
  LIMIT $2`;

/** The store over PostgreSQL. */
export function createInsightStore(database: Database): InsightStore {
  const loadDaily = async (insight: NewInsight): Promise<DailyRow> => {
    // A row that a neighbour committed meanwhile is invisible to the first statement and found by the second.
    const first = await database.query<DailyRow>(INSERT_DAILY, toValues(insight));
    const row = first[0] ?? (await database.query<DailyRow>(INSERT_DAILY, toValues(insight)))[0];
    if (row === undefined)
      throw new Error(`the daily insight of ${formatCalendarDate(insight.on)} was neither found nor stored`);
    return row;
  };
  return {
    store: async (insight) => {
      const rows = await database.query<{ id: string }>(`${INSERT} RETURNING id`, toValues(insight));
      return rows[0]?.id ?? '';
    },
    storeDaily: async (insight) => {
      const { id, number, text, is_new: isNew } = await loadDaily(insight);
      return { insight: { id, number, text }, isNew };
    },
    loadSamples: async (userId, limit) => {
      const rows = await database.query<{ number: number; at_ms: number }>(SELECT_SAMPLES, [userId, limit]);
      return rows.map((row) => ({ number: row.number, atMs: row.at_ms }));
    },
  };
}

interface DailyRow {
  readonly id: string;
  readonly number: number;
  readonly text: string;
  readonly is_new: boolean;
}

function toValues({ kind, userId, number, numbers, text, source, on }: NewInsight): unknown[] {
  return [kind, userId, number, JSON.stringify(numbers), text, source, formatCalendarDate(on)];
}
