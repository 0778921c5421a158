import type { Range } from './history.js';

/** Errors by type, AI tokens by model and AI cost in one span; a span without any of them has no point. */
export interface UsagePoint {
  readonly at: string;
  readonly errors_by_type: Readonly<Record<string, number>>;
  /** Tokens of all kinds by model. */
  readonly tokens: Readonly<Record<string, number>>;
  /** Of the calls whose price is known. */
  readonly cost_usd: number;
  /** Calls of models without a price: their cost is missing in `cost_usd`, never 0. */
  readonly cost_unknown_calls: number;
}

/** The sums of a range. */
export interface UsageTotal {
  readonly errors: number;
  readonly tokens: number;
  readonly cost_usd: number;
  readonly cost_unknown_calls: number;
}

export interface UsageReply {
  /** `null`: all services together. */
  readonly service: string | null;
  readonly range: Range;
  readonly generated_at: string;
  readonly from: string;
  readonly to: string;
  /** The distance of two neighbouring points; a larger one had nothing to tell. */
  readonly step_seconds: number;
  readonly points: readonly UsagePoint[];
  /** Every type of error of the range, most frequent first. */
  readonly error_types: readonly string[];
  /** Every model of the range, most tokens first. */
  readonly models: readonly string[];
  readonly total: UsageTotal;
  /** One line per service that had anything, dearest first. */
  readonly by_service: readonly (UsageTotal & { readonly service: string })[];
  /** False when the database is away: the points are then the last known or none. */
  readonly recorded: boolean;
}
