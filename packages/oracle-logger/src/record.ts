/** What a caller may attach to a line: whatever names and values; they are sanitised and redacted before anything is written. */
export type Fields = Readonly<Record<string, unknown>>;

/** Fields with a fixed meaning in every line (REQUIREMENTS L1). */
export interface KnownFields {
  readonly user_id?: string | number;
  readonly action?: string;
  readonly duration_ms?: number;
  readonly error_type?: string;
  readonly error?: unknown;
  readonly trace_id?: string;
  readonly request_id?: string;
}
