/** How much of a promise is left. */
export interface Objective {
  readonly service: string;
  readonly display_name: string;
  /** Availability over the window, 0–1; `null` when nothing was recorded. */
  readonly availability: number | null;
  /** Minutes of downtime the promise allows in the window. */
  readonly budget_minutes: number;
  readonly used_minutes: number;
  /** Share of the budget that is left, below 0 when overdrawn; `null` when nothing was recorded. */
  readonly left_ratio: number | null;
  /** Pace over 1 h, 6 h, 1 d and 3 d: 1 uses the budget up exactly at the end of the window. */
  readonly burn: readonly { readonly window: '1h' | '6h' | '1d' | '3d'; readonly rate: number | null }[];
  /** When the budget ends at the pace of the last 6 h; `null` when it does not within the window. */
  readonly exhausted_at: string | null;
  /** Share of the window somebody looked, 0–1: an availability over one hour is no month. */
  readonly observed_ratio: number;
}

export interface SloReply {
  readonly target_percent: number;
  readonly window_days: number;
  /** The most endangered first. */
  readonly objectives: readonly Objective[];
  readonly recorded: boolean;
}
