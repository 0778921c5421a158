import type { Fault } from './field.js';

/** RFC 9457 `application/problem+json`. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  /** What to do, in words. Never a path, a query or a stack. */
  readonly detail: string;
  /** Which input was wrong. */
  readonly faults?: readonly Fault[];
}
