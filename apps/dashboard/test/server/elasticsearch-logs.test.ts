import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createElasticsearchLogs } from '../../src/server/elasticsearch-logs.js';
import { searchBody } from '../../src/server/elasticsearch-query.js';
import type { LogFilter } from '../../src/server/log-lines.js';

const everything: LogFilter = {
  text: undefined,
  level: undefined,
  service: undefined,
  user: undefined,
  action: undefined,
  fromMs: Number.NEGATIVE_INFINITY,
  toMs: Number.POSITIVE_INFINITY,
};

/** As Filebeat with this product's configuration writes it. */
const shipped = {
  _index: 'nps-logs-2026.02.08',
  _id: 'a1',
  _source: {
    '@timestamp': '2026-02-08T14:30:00.123Z',
    log: { level: 'ERROR', logger: 'oracle', offset: 12, file: { path: '/app/logs/oracle.log' } },
    service: { name: 'oracle' },
    message: 'Reading failed',
    user_id: 'u17',
    action: 'reading',
    duration_ms: 523,
    error: { type: 'TimeoutError', message: 'no answer from the model' },
    agent: { id: 'x' },
    host: { name: 'node-3' },
    ecs: { version: '8.0.0' },
    input: { type: 'filestream' },
  },
};

/** As the logger's own profile `ecs` writes it. */
const ecs = {
  _id: 'a2',
  _source: {
    '@timestamp': '2026-02-08T14:29:00.000Z',
    'log.level': 'warn',
    'service.name': 'scanner',
    'ecs.version': '8.11',
    message: 'Slow query',
  },
};

let server: Server | undefined;
const asked: { url: string; headers: IncomingMessage['headers']; body: string }[] = [];

const answering = (status: number, answer: unknown): Promise<string> => answeringBy(() => [status, answer]);

async function answeringBy(answerTo: (body: string) => readonly [status: number, answer: unknown]): Promise<string> {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push({ url: request.url ?? '', headers: request.headers, body });
      const [status, answer] = answerTo(body);
      response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const logsOf = (url: string, apiKey: string | null = null, timeoutMs = 5_000) =>
  createElasticsearchLogs({ url, apiKey, index: 'nps-logs-*', timeoutMs }, (text) =>
    text.replaceAll('s3cret', '[REDACTED]'),
  );

const signal = new AbortController().signal;

afterEach(() => {
  asked.length = 0;
  server?.closeAllConnections();
  server?.close();
});

describe('logs from Elasticsearch', () => {
  const found = {
    timed_out: false,
    _shards: { failed: 0 },
    hits: { hits: [shipped, ecs] },
    aggregations: { services: { buckets: [{ key: 'api', doc_count: 4 }] } },
  };

  it('counts services by the keyword where the engine itself has made the names text', async () => {
    const reason = 'Fielddata is disabled on [service.name] in [logs]. Text fields are not optimised for aggregations.';
    const url = await answeringBy((body) =>
      body.includes('"service.name","size"') ? [400, { error: { root_cause: [{ reason }] } }] : [200, found],
    );
    const reply = await logsOf(url).search(everything, 50, signal);
    expect(reply.services).toEqual(['api', 'oracle', 'scanner']);
    expect(asked.map(({ body }) => /"services":\{"terms":\{"field":"([^"]+)"/.exec(body)?.[1])).toEqual([
      'service.name',
      'service.name.keyword',
    ]);
  });

  it('reads what Filebeat shipped and what the ecs profile wrote as the same kind of line', async () => {
    const reply = await logsOf(await answering(200, found)).search(everything, 50, signal);
    expect(reply).toMatchObject({ services: ['api', 'oracle', 'scanner'], complete: true, folder: 'readable' });
    expect(reply.lines).toEqual([
      {
        id: 'a1',
        at: '2026-02-08T14:30:00.123Z',
        level: 'ERROR',
        service: 'oracle',
        message: 'Reading failed',
        user_id: 'u17',
        action: 'reading',
        duration_ms: 523,
        rest: '{"error":{"type":"TimeoutError","message":"no answer from the model"}}',
      },
      {
        id: 'a2',
        at: '2026-02-08T14:29:00.000Z',
        level: 'WARN',
        service: 'scanner',
        message: 'Slow query',
        user_id: null,
        action: null,
        duration_ms: null,
        rest: '',
      },
    ]);
  });

  it('asks one index pattern, and does not mind a day without one', async () => {
    const url = await answering(200, found);
    await logsOf(url.replace('http://', 'http://reader:p%40ss@')).search(everything, 50, signal);
    await logsOf(url, 'a2V5').search(everything, 50, signal);
    expect(asked[0]).toMatchObject({
      url: '/nps-logs-*/_search?ignore_unavailable=true&allow_no_indices=true',
      headers: { authorization: `Basic ${Buffer.from('reader:p@ss').toString('base64')}` },
    });
    expect(asked[1]?.headers.authorization).toBe('ApiKey a2V5');
  });

  it('shows the lines on both sides of an instant, nearest in the middle', async () => {
    const reply = await logsOf(await answering(200, found)).around(
      Date.parse('2026-02-08T14:30:00Z'),
      everything,
      10,
      signal,
    );
    expect(new Set(asked.map(({ body }) => JSON.parse(body).sort[0]['@timestamp'].order))).toEqual(
      new Set(['asc', 'desc']),
    );
    expect(reply.before.map(({ id }) => id)).toEqual(['a2', 'a1']);
    expect(reply.at).toBe('2026-02-08T14:30:00.000Z');
  });

  it('says when the engine did not look at everything, and hides secrets of other programs', async () => {
    const leaky = { ...shipped, _source: { ...shipped._source, message: 'key s3cret' } };
    const reply = await logsOf(
      await answering(200, { timed_out: false, _shards: { failed: 1 }, hits: { hits: [leaky] } }),
    ).search(everything, 5, signal);
    expect(reply.complete).toBe(false);
    expect(reply.lines[0]?.message).toBe('key [REDACTED]');
    server?.close();
    const late = await logsOf(await answering(200, { timed_out: true, hits: { hits: [] } })).search(
      everything,
      5,
      signal,
    );
    expect(late.complete).toBe(false);
  });

  it.each([
    [200, '<html>', 'not as Elasticsearch does'],
    [200, '[]', 'not as Elasticsearch does'],
    [401, '{}', 'check the user in ELASTICSEARCH_URL'],
    [403, '{}', 'ELASTICSEARCH_API_KEY'],
    [400, '{"error":{"root_cause":[{"reason":"field s3cret is odd"}]}}', 'answered 400: field [REDACTED] is odd'],
    [503, '', 'answered 503'],
  ])('tells of an answer %i %s', async (status, body, message) => {
    await expect(logsOf(await answering(status, body)).search(everything, 5, signal)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(message),
    });
  });

  it('tells when it is away or silent', async () => {
    const url = await answering(200, found);
    server?.close();
    await expect(logsOf(url).search(everything, 5, signal)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const silent = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    await expect(logsOf(silent, null, 100).search(everything, 5, signal)).rejects.toMatchObject({
      message: expect.stringContaining('no complete answer'),
    });
  });
});

describe('the body of a search', () => {
  const clauses = (filter: Partial<LogFilter>) =>
    JSON.stringify(searchBody({ ...everything, ...filter }, 5, 'desc')['post_filter']);

  it('asks for a level and graver ones, in either spelling', () => {
    expect(clauses({ level: 'ERROR' })).toContain('["ERROR","CRITICAL","error","critical"]');
  });

  it('finds a user whether the field is a keyword or text, and never as a query language', () => {
    expect(clauses({ user: 'u1" OR *' })).toContain('{"terms":{"user_id.keyword":["u1\\" OR *"]}}');
    expect(clauses({ text: 'a AND b' })).toContain('"query":"a AND b","type":"phrase_prefix"');
  });

  it('bounds the span with instants, and leaves an open end open', () => {
    expect(searchBody({ ...everything, fromMs: 0 }, 5, 'desc')['query']).toEqual({
      bool: { filter: [{ range: { '@timestamp': { gte: '1970-01-01T00:00:00.000Z', format: 'strict_date_time' } } }] },
    });
  });
});
