import { type FieldFault, OracleError } from './errors.js';

/** An HTTP error body, RFC 9457 (https://www.rfc-editor.org/rfc/rfc9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Each unusable field, for `INVALID_REQUEST`. */
  readonly errors?: readonly FieldFault[];
}

const PROBLEMS = {
  INVALID_REQUEST: [400, 'The request is not usable'],
  DATABASE_AWAY: [503, 'The database is away'],
  SERVICE_DOWN: [503, 'The Oracle is down'],
  FAULT_INJECTED: [500, 'A failure was switched on'],
} as const;

/** What express' body parser throws, by its `type`: https://github.com/expressjs/body-parser#errors */
const BODY_PROBLEMS: ReadonlyMap<string, readonly [status: number, title: string, detail: string]> = new Map([
  ['entity.too.large', [413, 'The body is too large', 'Expected a JSON object of at most 16 KB.']],
  ['entity.parse.failed', [400, 'The body is not JSON', 'Expected a JSON object; the body cannot be parsed as JSON.']],
  ['charset.unsupported', [415, 'The charset is not supported', 'Expected a JSON object in UTF-8.']],
  [
    'encoding.unsupported',
    [415, 'The encoding is not supported', 'Expected an uncompressed, gzip, deflate or br body.'],
  ],
  ['request.aborted', [400, 'The body is incomplete', 'The request ended before its body did.']],
  ['request.size.invalid', [400, 'The body is incomplete', 'The body is shorter or longer than Content-Length says.']],
]);

/** A problem by its parts. */
export function problem(status: number, word: string, title: string, detail: string): Problem {
  return { type: `urn:nps:problem:${word}`, title, status, detail };
}

/** The answer to whatever was thrown; of an error we do not know, nothing but that it happened is told. */
export function toProblem(error: unknown): Problem {
  if (error instanceof OracleError && error.code in PROBLEMS) {
    const [status, title] = PROBLEMS[error.code as keyof typeof PROBLEMS];
    const base = problem(status, error.code.toLowerCase().replaceAll('_', '-'), title, error.message);
    return error.faults.length === 0 ? base : { ...base, errors: error.faults };
  }
  const type = (error as { readonly type?: unknown } | null)?.type;
  const body = typeof type === 'string' ? BODY_PROBLEMS.get(type) : undefined;
  if (body !== undefined) return problem(body[0], 'body', body[1], body[2]);
  return problem(500, 'internal', 'The Oracle failed', 'An unexpected failure; the log of the service says more.');
}
