import { MetricsError } from '../errors.js';
import type { MetricsHistory, StoreResult } from '../history/history.js';
import { acceptRows } from '../history/rows.js';
import { acceptUsage } from '../history/usage-rows.js';
import { type EndpointOptions, endpoint } from './endpoint.js';
import { type Objection, sendMinutes } from './sending.js';
import { type Labels, operationSeries, type RemoteSeries, usageSeries } from './series.js';
import { writeRequest } from './write-request.js';

export interface RemoteWriteOptions extends EndpointOptions {
  /** Labels added to every series, for example `{ cluster: 'eu' }`. Names as Prometheus allows them. */
  readonly labels?: Labels | undefined;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
}

/** The writing half of a history. */
export type RemoteWrite = Pick<MetricsHistory, 'store' | 'storeUsage'>;

/** What engines say of a sample that they have already, or that is older than they take. */
const KNOWN_ALREADY = /out[ -]of[ -]order|duplicate sample|too old|too far in the past|out of bounds/i;

/**
 * Sends minutes to any engine that takes Prometheus remote write 1.0: Prometheus, Mimir, Thanos, VictoriaMetrics …
 * A minute written again changes nothing, and holds up none that is new.
 * @throws MetricsError `INVALID_OPTION`; writes reject with `REMOTE_AWAY` (try again) or `REMOTE_REFUSED` (do not; what the
 * engine takes of the rest was sent).
 */
export function createRemoteWrite({ labels = {}, now = Date.now, ...options }: RemoteWriteOptions): RemoteWrite {
  const exchange = endpoint(options);
  for (const name of Object.keys(labels)) requireLabelName(name);

  async function post(series: readonly RemoteSeries[]): Promise<Objection | null> {
    const { status, text } = await exchange({
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-protobuf',
        'Content-Encoding': 'snappy',
        'X-Prometheus-Remote-Write-Version': '0.1.0',
      },
      body: writeRequest(series),
    });
    return objectionOf(status, text);
  }

  return {
    async store(rows) {
      const accepted = acceptRows(rows, now());
      await sendMinutes(
        accepted,
        ({ operation }) => operation,
        (part) => post(operationSeries(part, labels)),
      );
      return result(accepted.length, rows.length);
    },
    async storeUsage(service, minutes) {
      const accepted = acceptUsage(service, minutes, now());
      await sendMinutes(
        accepted.rows,
        ({ kind, name }) => `${kind} ${name}`,
        (part) => post(usageSeries(part, labels)),
      );
      return result(accepted.minutes, minutes.length);
    },
  };
}

function result(accepted: number, all: number): StoreResult {
  return { accepted, refused: all - accepted };
}

/** The rules of the specification: 429 and 5xx are tried again, any other refusal is not. */
function objectionOf(status: number, text: string): Objection | null {
  if (status >= 200 && status < 300) return null;
  const said = text.slice(0, 200).trim();
  const message = `The remote-write endpoint answered ${status}${said === '' ? '.' : `: ${said}`}`;
  const error = new MetricsError(status === 429 || status >= 500 ? 'REMOTE_AWAY' : 'REMOTE_REFUSED', message);
  // Other refusals are of who asks or where, not of what is sent.
  if (status !== 400 && status !== 413) throw error;
  return { isKnown: status === 400 && KNOWN_ALREADY.test(text), error };
}

function requireLabelName(name: string): void {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !name.startsWith('__')) return;
  throw new MetricsError(
    'INVALID_NAME',
    `"${name}" is no label name; letters, digits and _ make one, as in "cluster".`,
  );
}
