/** What AI calls cost, as services report it. */
export interface CostLine {
  readonly service: string;
  readonly display_name: string;
  readonly today_since: string;
  readonly today_usd: number;
  readonly today_tokens: number;
  readonly today_calls: number;
  /** Since the process started. */
  readonly total_usd: number;
  readonly total_tokens: number;
  readonly started_at: string;
  /** What thirty days at today's pace would cost; `null` in the first hour of a day, which says nothing yet. */
  readonly month_usd: number | null;
  readonly call_p95_ms: number | null;
  /** Calls of models without a price since the process started: their cost is in none of these sums. */
  readonly cost_unknown_calls: number;
  /** Since the first of the month, UTC, as recorded; `null` when nothing is recorded. */
  readonly this_month_usd: number | null;
  /** What the whole month will have cost at the pace of its days so far; `null` when nothing is recorded. */
  readonly month_forecast_usd: number | null;
}

export interface CostsReply {
  readonly lines: readonly CostLine[];
  readonly generated_at: string;
}
