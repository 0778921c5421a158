import { MetricsError } from '../errors.js';

/** The series of an answer to a range query. */
export type Matrix = readonly {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly { readonly atMs: number; readonly value: number }[];
}[];

/**
 * Reads an answer of `/api/v1/query_range`. https://prometheus.io/docs/prometheus/latest/querying/api/
 * @throws MetricsError `REMOTE_REFUSED` with what the engine said, or when it is no such answer.
 */
export function parseMatrix(status: number, text: string): Matrix {
  const answer = readJson(text);
  if (answer === null) {
    throw new MetricsError('REMOTE_REFUSED', `The PromQL endpoint answered ${status} with something that is no JSON.`);
  }
  const result: readonly RawSeries[] | undefined = answer.data?.result;
  if (answer.status !== 'success' || answer.data?.resultType !== 'matrix' || result === undefined) {
    const said = typeof answer.error === 'string' ? `: ${answer.error.slice(0, 200)}` : '.';
    throw new MetricsError('REMOTE_REFUSED', `The PromQL endpoint answered ${status} without a matrix${said}`);
  }
  return result.map(({ metric, values }) => ({
    labels: metric ?? {},
    values: (values ?? []).map(([seconds, value]) => ({ atMs: Math.round(seconds * 1000), value: Number(value) })),
  }));
}

interface RawSeries {
  readonly metric?: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly [seconds: number, value: string])[];
}

interface RawAnswer {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly data?: {
    readonly resultType?: unknown;
    readonly result?: readonly RawSeries[];
  };
}

function readJson(text: string): RawAnswer | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
