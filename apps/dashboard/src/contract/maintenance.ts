import type { Severity } from '@nps/oracle-alerts/contract';

/**
 * A time in which fires are held.
 * `file`: a weekly window of the configuration file, which only the file can change.
 * `planned`: one stretch of time, planned here.
 */
export interface MaintenanceWindowSummary {
  readonly id: string;
  readonly source: 'file' | 'planned';
  readonly state: 'active' | 'upcoming';
  /** What it holds; all `null` means everything. */
  readonly service: string | null;
  readonly rule: string | null;
  readonly severity: Severity | null;
  /** The running stretch, or the next one. */
  readonly starts_at: string;
  readonly ends_at: string;
  /** 0 Sunday … 6 Saturday, `[]` every day; `null` for what happens once. */
  readonly weekdays: readonly number[] | null;
  readonly created_by: string | null;
  readonly comment: string | null;
}

export interface MaintenanceReply {
  /** Running ones first, then by their beginning. */
  readonly windows: readonly MaintenanceWindowSummary[];
  /** False when the database is away: planned windows are then the last known or none. */
  readonly recorded: boolean;
}
