import type { LogLine, LogsReply } from '../contract/logs.js';
import { readHits } from './elasticsearch-hits.js';
import { searchBody } from './elasticsearch-query.js';
import { DashboardError } from './errors.js';
import type { LogFilter } from './log-lines.js';
import type { LogSource } from './log-source.js';

export interface ElasticsearchOptions {
  /** `http:` or `https:`; a user and password in it are sent as a Basic header. */
  readonly url: string;
  /** An encoded API key; sent instead of the user. */
  readonly apiKey: string | null;
  /** Indices, data streams or patterns of them, with commas between. */
  readonly index: string;
  /** For the whole answer. Default 5,000 ms. */
  readonly timeoutMs?: number;
}

const ANSWER_LIMIT_BYTES = 16_000_000;

/**
 * Lines that a shipper (Filebeat, Elastic Agent, Logstash) sent to Elasticsearch or OpenSearch, in the field names of either
 * profile of the logger. Text is searched by words, the way the engine has indexed it.
 * @param redact hides secrets in lines that other programs wrote
 */
export function createElasticsearchLogs(options: ElasticsearchOptions, redact: (text: string) => string): LogSource {
  const { address, headers } = addressOf(options);
  const shown = (line: LogLine): LogLine => ({ ...line, message: redact(line.message), rest: redact(line.rest) });

  async function search(
    filter: LogFilter,
    limit: number,
    order: 'asc' | 'desc',
    signal: AbortSignal,
  ): Promise<LogsReply> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs ?? 5_000)]);
    const ask = (serviceField?: 'service.name.keyword'): Promise<Answer> => {
      const body = JSON.stringify(searchBody(filter, limit, order, serviceField));
      return exchange(address, { method: 'POST', headers, body, redirect: 'error', signal: deadline });
    };
    let { status, text } = await ask();
    // Under the engine's own mapping a name is text, which cannot be counted; the keyword beside it can.
    if (status === 400 && /fielddata/i.test(text)) ({ status, text } = await ask('service.name.keyword'));
    if (status !== 200) throw refusal(status, text, redact);
    const hits = readHits(text);
    if (hits === null)
      throw new DashboardError(
        'UNAVAILABLE',
        'ELASTICSEARCH_URL answers, but not as Elasticsearch does; check the address.',
      );
    const { lines, services, complete } = hits;
    return { lines: lines.map(shown), services, complete, scanned_bytes: text.length, folder: 'readable' };
  }

  return {
    search: (filter, limit, signal) => search(filter, limit, 'desc', signal),
    async around(atMs, filter, limit, signal) {
      const half = Math.ceil(limit / 2);
      const [back, ahead] = await Promise.all([
        search({ ...filter, toMs: atMs }, half, 'desc', signal),
        search({ ...filter, fromMs: atMs + 1 }, half, 'asc', signal),
      ]);
      const { lines, ...searched } = back;
      return {
        ...searched,
        at: new Date(atMs).toISOString(),
        before: lines.toReversed(),
        after: ahead.lines,
        complete: back.complete && ahead.complete,
        scanned_bytes: back.scanned_bytes + ahead.scanned_bytes,
      };
    },
  };
}

/** `fetch` takes no credentials in an address. */
function addressOf({ url, apiKey, index }: ElasticsearchOptions): { address: string; headers: Record<string, string> } {
  const base = new URL(url);
  const pair = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
  const authorization = apiKey === null ? `Basic ${Buffer.from(pair).toString('base64')}` : `ApiKey ${apiKey}`;
  base.username = '';
  base.password = '';
  // A day without lines has no index: that is an empty answer, not a fault.
  const query = 'ignore_unavailable=true&allow_no_indices=true';
  return {
    address: `${base.href.replace(/\/+$/, '')}/${encodeURIComponent(index)}/_search?${query}`,
    headers: { 'content-type': 'application/json', ...(apiKey === null && pair === ':' ? {} : { authorization }) },
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function exchange(address: string, request: RequestInit): Promise<Answer> {
  try {
    const answer = await fetch(address, request);
    return { status: answer.status, text: await readBounded(answer) };
  } catch (cause) {
    throw new DashboardError(
      'UNAVAILABLE',
      'Elasticsearch gave no complete answer in time; logs cannot be searched now.',
      {
        cause,
      },
    );
  }
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body ?? []) {
    sizeBytes += (chunk as Uint8Array).length;
    if (sizeBytes > ANSWER_LIMIT_BYTES) throw new Error('The answer is too long');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(status: number, text: string, redact: (text: string) => string): DashboardError {
  if (status === 401 || status === 403)
    return new DashboardError(
      'UNAVAILABLE',
      'Elasticsearch refuses the dashboard: check the user in ELASTICSEARCH_URL or ELASTICSEARCH_API_KEY; reading the index is enough.',
    );
  const reason = /"reason":"((?:[^"\\]|\\.){1,200})/.exec(text)?.[1];
  const said = reason === undefined ? '' : `: ${redact(reason)}`;
  return new DashboardError('UNAVAILABLE', `Elasticsearch answered ${status}${said}`);
}
