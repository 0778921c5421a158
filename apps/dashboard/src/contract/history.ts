import type { Incident } from './status.js';

export const ranges = ['1h', '6h', '24h', '7d', '30d'] as const;
export type Range = (typeof ranges)[number];

/** Milliseconds of each range. */
export const rangeMs: Readonly<Record<Range, number>> = {
  '1h': 3_600_000,
  '6h': 21_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
};

/** Milliseconds between two points of each range: whole steps the history keeps, and no more points than pixels. */
export const stepMs: Readonly<Record<Range, number>> = {
  '1h': 60_000,
  '6h': 120_000,
  '24h': 300_000,
  '7d': 1_800_000,
  '30d': 7_200_000,
};

/** One point of a series. Times are milliseconds; a stretch without operations has no point at all. */
export interface HistoryPoint {
  readonly at: string;
  readonly count: number;
  readonly errors: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly avg: number | null;
  readonly max: number | null;
}

/** A stretch in which an alert was firing; drawn as a tinted band. */
export interface AlertBand {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly from: string;
  readonly to: string | null;
}

/** A release; drawn as a dashed line with its version. */
export interface Deploy {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly at: string;
  readonly by: string;
}

export interface DeploysReply {
  readonly deploys: readonly Deploy[];
  readonly recorded: boolean;
}

export interface HistoryReply {
  readonly service: string;
  readonly operation: string;
  /** Every operation that has points in this range, most used first. */
  readonly operations: readonly string[];
  readonly range: Range;
  readonly generated_at: string;
  readonly from: string;
  readonly to: string;
  /** The distance of two neighbouring points; a larger one is a gap. */
  readonly step_seconds: number;
  readonly points: readonly HistoryPoint[];
  /** Share of the range in which the service was up, 0–1; `null` when nothing was recorded. */
  readonly uptime_ratio: number | null;
  readonly incidents: readonly Incident[];
  readonly alerts: readonly AlertBand[];
  readonly deploys: readonly Deploy[];
  /** False when the database is away: the points are then the last known or none. */
  readonly recorded: boolean;
}
