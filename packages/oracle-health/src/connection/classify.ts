import { type ErrorClass, errorClasses } from '../contract/index.js';
import { classOfGrpcStatus } from './grpc-class.js';

const classes: ReadonlySet<string> = new Set(errorClasses);

// Codes of Node (errno, c-ares, TLS, HTTP parser) by what they mean to an operator.
const classByCode: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['ECONNREFUSED', 'REFUSED'],
  ['ECONNRESET', 'RESET'],
  ['EPIPE', 'RESET'],
  ['ECONNABORTED', 'RESET'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'RESET'],
  ['ERR_HTTP2_STREAM_ERROR', 'RESET'],
  ['ERR_HTTP2_SESSION_ERROR', 'RESET'],
  ['ERR_HTTP2_STREAM_CANCEL', 'RESET'],
  ['ETIMEDOUT', 'TIMEOUT'],
  ['ESOCKETTIMEDOUT', 'TIMEOUT'],
  ['ERR_SOCKET_CONNECTION_TIMEOUT', 'TIMEOUT'],
  ['UND_ERR_CONNECT_TIMEOUT', 'TIMEOUT'],
  ['UND_ERR_HEADERS_TIMEOUT', 'TIMEOUT'],
  ['UND_ERR_BODY_TIMEOUT', 'TIMEOUT'],
  ['UND_ERR_SOCKET', 'RESET'],
  ['ABORT_ERR', 'TIMEOUT'],
  ['ENOTFOUND', 'DNS'],
  ['EAI_AGAIN', 'DNS'],
  ['EAI_FAIL', 'DNS'],
  ['EAI_NODATA', 'DNS'],
  ['ENODATA', 'DNS'],
  ['ESERVFAIL', 'DNS'],
  ['EBADNAME', 'DNS'],
  ['ETIMEOUT', 'DNS'],
  ['EHOSTUNREACH', 'UNREACHABLE'],
  ['ENETUNREACH', 'UNREACHABLE'],
  ['EHOSTDOWN', 'UNREACHABLE'],
  ['ENETDOWN', 'UNREACHABLE'],
  ['EADDRNOTAVAIL', 'UNREACHABLE'],
  ['EACCES', 'UNREACHABLE'],
  ['EPERM', 'UNREACHABLE'],
  ['ENOENT', 'NOT_FOUND'],
  ['EMFILE', 'EXHAUSTED'],
  ['ENFILE', 'EXHAUSTED'],
  ['ENOBUFS', 'EXHAUSTED'],
  ['ENOMEM', 'EXHAUSTED'],
  ['ENOSPC', 'EXHAUSTED'],
  ['EROFS', 'READ_ONLY'],
  ['EPROTO', 'TLS'],
  ['CERT_HAS_EXPIRED', 'TLS'],
  ['CERT_NOT_YET_VALID', 'TLS'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'TLS'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'TLS'],
  ['HOSTNAME_MISMATCH', 'TLS'],
]);

const classByPrefix: readonly (readonly [prefix: string, meaning: ErrorClass])[] = [
  ['ERR_TLS', 'TLS'],
  ['ERR_SSL', 'TLS'],
  ['CERT_', 'TLS'],
  ['ERR_HTTP2_', 'MALFORMED'],
  ['HPE_HEADER_OVERFLOW', 'OVERSIZE'],
  ['HPE_', 'MALFORMED'],
];

// Names of errors that come without a code: aborted signals, and what undici's parser says since Node 24.
const classByName: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['TimeoutError', 'TIMEOUT'],
  ['AbortError', 'TIMEOUT'],
  ['HTTPParserError', 'MALFORMED'],
]);

// SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html; whole codes before their two-letter classes.
const classBySqlState: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['57P03', 'LOADING'],
  ['57P01', 'NOT_SERVING'],
  ['57P02', 'NOT_SERVING'],
  ['57014', 'TIMEOUT'],
  ['55P03', 'TIMEOUT'],
  ['25P03', 'TIMEOUT'],
  ['25006', 'READ_ONLY'],
  ['3D000', 'NOT_FOUND'],
  ['42501', 'AUTH'],
  ['28', 'AUTH'],
  ['53', 'EXHAUSTED'],
  ['08', 'RESET'],
  ['57', 'NOT_SERVING'],
]);

/**
 * The closed class of whatever was thrown, by its codes alone: message texts are unstable and may be hostile.
 * Looks through `AggregateError.errors` (Node's happy eyeballs) and the chain of causes.
 */
export function classify(error: unknown): ErrorClass {
  return search(error, 0) ?? 'UNKNOWN';
}

// Deeper chains than this are an attack or a circle.
const maxDepth = 8;

function search(error: unknown, depth: number): ErrorClass | undefined {
  if (typeof error !== 'object' || error === null || depth > maxDepth) return undefined;
  const { code, name, cause, errors, details } = error as Readonly<Record<string, unknown>>;
  if (typeof code === 'string') {
    const own = classOfCode(code);
    if (own !== undefined) return own;
  }
  // A ServiceError of @grpc/grpc-js.
  if (typeof code === 'number' && typeof details === 'string') return classOfGrpcStatus(code);
  const named = typeof name === 'string' ? classByName.get(name) : undefined;
  if (named !== undefined) return named;
  const inner = search(cause, depth + 1);
  if (inner !== undefined) return inner;
  if (!Array.isArray(errors)) return undefined;
  for (const one of errors.slice(0, maxDepth)) {
    const found = search(one, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function classOfCode(code: string): ErrorClass | undefined {
  if (classes.has(code)) return code as ErrorClass;
  const known = classByCode.get(code);
  if (known !== undefined) return known;
  const prefixed = classByPrefix.find(([prefix]) => code.startsWith(prefix));
  if (prefixed !== undefined) return prefixed[1];
  if (/^[0-9A-Z]{5}$/.test(code)) return classBySqlState.get(code) ?? classBySqlState.get(code.slice(0, 2));
  return undefined;
}
