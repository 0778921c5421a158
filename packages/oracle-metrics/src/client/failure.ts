/** Why a scrape gave nothing. */
export type ScrapeFailureReason =
  | 'refused'
  | 'timeout'
  | 'aborted'
  | 'dns'
  | 'tls'
  | 'reset'
  | 'malformed'
  | 'oversize'
  | 'redirect'
  | 'auth'
  | 'http_5xx'
  | 'http_4xx'
  | 'unreachable';

export interface ScrapeFailure {
  readonly outcome: 'failure';
  readonly reason: ScrapeFailureReason;
  /** For people; holds neither the query nor the credentials of the address. */
  readonly message: string;
}

export function failure(reason: ScrapeFailureReason, message: string): ScrapeFailure {
  return { outcome: 'failure', reason, message };
}

const REASONS: Readonly<Record<string, ScrapeFailureReason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ENODATA: 'dns',
  ESERVFAIL: 'dns',
  ETIMEOUT: 'dns',
  EBADNAME: 'dns',
  ETIMEDOUT: 'timeout',
  EPROTO: 'tls',
  CERT_HAS_EXPIRED: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
};

const TEXTS: Readonly<Record<ScrapeFailureReason, string>> = {
  refused: 'Connection refused',
  timeout: 'No complete answer in time',
  aborted: 'The scrape was aborted',
  dns: 'The host name was not found',
  tls: 'No trusted TLS connection',
  reset: 'The connection broke',
  malformed: 'The answer is not what was expected',
  oversize: 'The answer is too long',
  redirect: 'The answer is a redirect',
  auth: 'Not authorised',
  http_5xx: 'The server failed',
  http_4xx: 'The server refused the request',
  unreachable: 'The host cannot be reached',
};

/** Tells an error of the connection by its code; its text stays out. */
export function connectionFailure(error: unknown): ScrapeFailure {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_') || code.startsWith('Z_')) return failure('malformed', 'The answer is not valid HTTP');
  const reason = REASONS[code] ?? (/^ERR_(?:TLS|SSL)/.test(code) ? 'tls' : 'unreachable');
  return failure(reason, /^[A-Z][A-Z0-9_]*$/.test(code) ? `${TEXTS[reason]} (${code})` : TEXTS[reason]);
}
