import type { Interpreter } from '../interpreter.js';
import type { CalendarDate } from '../numerology/calendar-date.js';
import type { InsightStore } from '../store/insights.js';
import type { SuggestionStore } from '../store/suggestions.js';
import type { FieldReader } from './fields.js';

/** The operations of the proto that are timed; HealthCheck answers from the health report and is not one. */
export type OperationName =
  | 'GetReading'
  | 'GetNameReading'
  | 'GetQuestionSign'
  | 'GetDailyInsight'
  | 'GetTimingAlignment'
  | 'AnalyzePatterns'
  | 'SuggestRange';

/** The name under which the metrics time an operation. */
export type MeasuredAs = 'reading' | 'analysis' | 'suggestion';

/** A reply as JSON and protobuf both carry it. */
export type Reply = Readonly<Record<string, unknown>>;

/** What operations work with; nothing in here knows HTTP, gRPC, metrics or faults. */
export interface OperationDeps {
  readonly insights: InsightStore;
  readonly suggestions: SuggestionStore;
  readonly interpreter: Interpreter;
  today(): CalendarDate;
  /** Told when an answer could be given but not stored. */
  onStoreFailed(error: unknown): void;
}

/** One operation: its name, what it is measured as, and the work. */
export interface Operation {
  readonly name: OperationName;
  readonly measuredAs: MeasuredAs;
  /**
   * Checks the request and returns the work that answers it.
   * @throws OracleError INVALID_REQUEST with every unusable field
   */
  prepare(fields: FieldReader, deps: OperationDeps): PreparedCall;
}

/** A checked request: whose it is, and the work left to do. */
export interface PreparedCall {
  readonly userId: string | null;
  run(): Promise<Reply>;
}
