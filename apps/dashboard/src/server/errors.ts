import type { Fault } from '../contract/field.js';

export type DashboardErrorCode =
  | 'INVALID_INPUT'
  | 'NOT_SIGNED_IN'
  | 'WRONG_CREDENTIAL'
  | 'NOT_ALLOWED'
  | 'FOREIGN_ORIGIN'
  | 'FOREIGN_HOST'
  | 'NOT_FOUND'
  | 'METHOD'
  | 'GONE'
  | 'TOO_LARGE'
  | 'MEDIA_TYPE'
  | 'TOO_MANY'
  | 'UNAVAILABLE'
  | 'INTERNAL';

const statuses: Readonly<Record<DashboardErrorCode, readonly [status: number, title: string]>> = {
  INVALID_INPUT: [400, 'The request has faults'],
  NOT_SIGNED_IN: [401, 'Sign in first'],
  WRONG_CREDENTIAL: [401, 'Not signed in'],
  NOT_ALLOWED: [403, 'Not allowed'],
  FOREIGN_ORIGIN: [403, 'The request came from another page'],
  FOREIGN_HOST: [421, 'Not the host of this dashboard'],
  NOT_FOUND: [404, 'Nothing here'],
  METHOD: [405, 'This address takes another method'],
  GONE: [410, 'Too late'],
  TOO_LARGE: [413, 'The request is too large'],
  MEDIA_TYPE: [415, 'Expected JSON'],
  TOO_MANY: [429, 'Too many requests'],
  UNAVAILABLE: [503, 'Not available now'],
  INTERNAL: [500, 'The dashboard failed'],
};

/** Everything the server refuses or fails at; becomes an RFC 9457 problem. The message is shown to people: no secret, no path. */
export class DashboardError extends Error {
  override readonly name = 'DashboardError';
  readonly code: DashboardErrorCode;
  readonly status: number;
  readonly title: string;
  readonly faults: readonly Fault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: DashboardErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly faults?: readonly Fault[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    [this.status, this.title] = statuses[code];
    this.faults = options.faults;
    this.headers = options.headers ?? {};
  }
}

/** Recognises the error by shape, so that two copies of this module still understand each other. */
export function isDashboardError(value: unknown): value is DashboardError {
  return typeof value === 'object' && value !== null && 'name' in value && value.name === 'DashboardError';
}

/** No further password is looked at for now. */
export function tooManyTries(waitSeconds: number): DashboardError {
  return new DashboardError('TOO_MANY', `Too many wrong tries; wait ${waitSeconds} s.`, {
    headers: { 'retry-after': String(waitSeconds) },
  });
}

/** The link of one outage takes no other. */
export function outageOver(but?: 'a later one is open'): DashboardError {
  return new DashboardError(
    'GONE',
    but === undefined
      ? 'This alert is over: nobody has to take it any more.'
      : 'This alert is over; a later one is open: see the dashboard.',
  );
}
