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
}

export interface CostsReply {
  readonly lines: readonly CostLine[];
  readonly generated_at: string;
}
