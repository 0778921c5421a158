import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { hasPrometheus, type Prometheus, startPrometheus, waitFor } from '@nps/testing';
import { createSketch } from '../../src/index.js';
import { createMemoryMetricsHistory, type MinuteRow } from '../../src/postgres/index.js';
import { createPrometheusHistory, createRemoteWrite } from '../../src/prometheus-history/index.js';
import { lognormal, seededRandom } from '../distributions.js';
import { unpack } from './unpack.js';

const MINUTE = 60_000;
const thisMinute = Math.floor(Date.now() / MINUTE) * MINUTE;
const iso = (ms: number): string => new Date(ms).toISOString();

function row(service: string, minutesAgo: number, durationsMs: readonly number[], errors = 0): MinuteRow {
  const sketch = createSketch();
  for (const ms of durationsMs) sketch.record(ms / 1000);
  return {
    service,
    operation: 'reading',
    minute: iso(thisMinute - minutesAgo * MINUTE),
    count: durationsMs.length,
    errors,
    sketch: sketch.encode(),
  };
}

(hasPrometheus('history by remote write and PromQL') ? describe : describe.skip)('history in a real Prometheus', () => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    prometheus = await startPrometheus();
  });

  afterAll(() => prometheus.stop());

  const write = () => createRemoteWrite({ url: `${prometheus.url}/api/v1/write`, labels: { cluster: 'eu' } });
  const read = () => createPrometheusHistory({ url: prometheus.url, labels: { cluster: 'eu' } });

  it('answers the very points that the history of this package answers, gaps included', async () => {
    const random = seededRandom(11);
    const rows = Array.from({ length: 40 }, (_, n) => 41 - n)
      .filter((ago) => ago !== 17 && ago !== 18)
      .map((ago) => row('or"acle\\ é😀', ago, [...lognormal(random, 50), 0], ago % 3));
    const memory = createMemoryMetricsHistory();
    await memory.store(rows);
    expect(await write().store(rows)).toEqual({ accepted: 38, refused: 0 });

    for (const [span, points] of [
      [41, 41],
      [41, 9],
    ] as const) {
      const query = {
        service: 'or"acle\\ é😀',
        operation: 'reading',
        from: iso(thisMinute - span * MINUTE),
        to: iso(thisMinute),
        points,
      };
      const expected = await memory.series(query);
      expect(expected.length).toBeGreaterThan(7);
      const answered = await waitFor(async () => {
        const found = await read().series(query);
        return found.length === expected.length ? found : null;
      });
      expect(answered).toEqual(expected);
    }
  });

  it('takes a minute again without counting it twice', async () => {
    const rows = [row('again', 3, [100, 200]), row('again', 2, [300])];
    const query = {
      service: 'again',
      operation: 'reading',
      from: iso(thisMinute - 5 * MINUTE),
      to: iso(thisMinute),
      points: 5,
    };
    for (let time = 0; time < 3; time++) expect(await write().store(rows)).toEqual({ accepted: 2, refused: 0 });
    const points = await waitFor(async () => {
      const found = await read().series(query);
      return found.length === 2 ? found : null;
    });
    expect(points.map(({ count, p50 }) => [count, p50])).toEqual([
      [2, 100],
      [1, 300],
    ]);
  });

  it('takes what is new beside minutes that it has, as after a restart, and of a minute told twice the first', async () => {
    const query = { operation: 'reading', from: iso(thisMinute - 30 * MINUTE), to: iso(thisMinute), points: 30 };
    const known = [20, 19, 18].flatMap((ago) => [row('restarted', ago, [100]), row('neighbour', ago, [100])]);
    await write().store(known);
    const fresh = [row('restarted', 17, [200]), row('new here', 20, [300]), row('neighbour', 17, [200])];
    expect(await write().store([...fresh, row('restarted', 17, [900, 950]), ...known])).toEqual({
      accepted: 10,
      refused: 0,
    });
    const counts = async (service: string) => (await read().series({ ...query, service })).map(({ p50 }) => p50);
    await waitFor(async () => (await counts('neighbour')).length === 4);
    expect(await counts('restarted')).toEqual([100, 100, 100, 200]);
    expect(await counts('neighbour')).toEqual([100, 100, 100, 200]);
    expect(await counts('new here')).toEqual([300]);
  });

  it('keeps errors by type, tokens and cost', async () => {
    const minutes = [
      {
        minute: iso(thisMinute - 3 * MINUTE),
        errors_by_type: { TimeoutError: 2 },
        tokens: { opus: 1200 },
        cost_usd: 0.0421,
      },
      { minute: iso(thisMinute - 2 * MINUTE), errors_by_type: { TimeoutError: 1, Other: 1 }, cost_unknown_calls: 4 },
    ];
    const memory = createMemoryMetricsHistory();
    await memory.storeUsage('usage', minutes);
    expect(await write().storeUsage('usage', minutes)).toEqual({ accepted: 2, refused: 0 });
    const query = { service: 'usage', from: iso(thisMinute - 5 * MINUTE), to: iso(thisMinute), points: 5 };
    const expected = await memory.usageSeries(query);
    const found = await waitFor(async () => {
      const points = await read().usageSeries(query);
      return points.length === 2 ? points : null;
    });
    expect(found).toEqual(expected);
  });

  it('reads only what carries its labels, and nothing of a service it does not know', async () => {
    const query = {
      service: 'again',
      operation: 'reading',
      from: iso(thisMinute - 5 * MINUTE),
      to: iso(thisMinute),
      points: 5,
    };
    const other = createPrometheusHistory({ url: prometheus.url, labels: { cluster: 'us' } });
    expect(await other.series(query)).toEqual([]);
    expect(await read().series({ ...query, service: 'nobody' })).toEqual([]);
  });

  it('passes on what the engine says of a query that it refuses', async () => {
    const broken = createPrometheusHistory({ url: prometheus.url, labels: { 'no label': 'x' } });
    await expect(
      broken.usageSeries({ service: 'x', from: iso(thisMinute - MINUTE), to: iso(thisMinute), points: 1 }),
    ).rejects.toMatchObject({ code: 'REMOTE_REFUSED', message: expect.stringContaining('parse error') });
  });
});

describe('an engine that answers oddly', () => {
  let server: Server | undefined;
  let asked: IncomingMessage | undefined;

  let askedTimes = 0;
  let taken: string[] = [];

  const answering = (status: number, body: string): Promise<string> => answeringBy(() => [status, body]);

  async function answeringBy(answer: (body: string) => readonly [status: number, body: string]): Promise<string> {
    askedTimes = 0;
    taken = [];
    server = createServer(async (request, response) => {
      asked = request;
      askedTimes++;
      const block = Buffer.concat(await request.toArray());
      const sent = request.url?.endsWith('query_range') ? '' : unpack(block).toString('latin1');
      const [status, body] = answer(sent);
      if (status < 300) taken.push(sent);
      response.writeHead(status).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as { port: number }).port}/select/0/`;
  }

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const rows = [row('s', 2, [5])];
  const query = { service: 's', operation: 'reading', from: iso(thisMinute - MINUTE), to: iso(thisMinute), points: 1 };

  it.each([
    [503, 'REMOTE_AWAY'],
    [429, 'REMOTE_AWAY'],
    [400, 'REMOTE_REFUSED'],
    [404, 'REMOTE_REFUSED'],
  ])('a status %i of a write is told as %s with what it said', async (status, code) => {
    const url = await answering(status, 'no tenant given');
    await expect(createRemoteWrite({ url }).store(rows)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('no tenant given'),
    });
  });

  it('that dislikes one minute of many, or so many at once, still gets all others', async () => {
    let largest = 0;
    const url = await answeringBy((body) => {
      largest = Math.max(largest, body.length);
      if (body.includes('disliked')) return [400, 'label value too long'];
      return body.length > 5_000 ? [413, ''] : [204, ''];
    });
    const many = Array.from({ length: 120 }, (_, n) => row(n === 60 ? 'disliked' : `s${n}`, 2, [5, 6, 7]));
    await expect(createRemoteWrite({ url }).store(many)).rejects.toMatchObject({
      code: 'REMOTE_REFUSED',
      message: expect.stringContaining('label value too long'),
    });
    expect(new Set(taken.join('').match(/s\d+/g)).size).toBe(119);
    expect(largest).toBeGreaterThan(5_000);
  });

  it('and lets nobody in is asked once', async () => {
    const url = await answeringBy(() => [401, '']);
    await expect(createRemoteWrite({ url }).store([...rows, row('t', 3, [5])])).rejects.toMatchObject({
      code: 'REMOTE_REFUSED',
    });
    expect(askedTimes).toBe(1);
  });

  it('a sample that is known already is no refusal', async () => {
    const url = await answering(400, 'out of order sample');
    expect(await createRemoteWrite({ url }).store(rows)).toEqual({ accepted: 1, refused: 0 });
  });

  it.each([
    [503, '', 'REMOTE_AWAY'],
    [200, '<html>', 'REMOTE_REFUSED'],
    [200, 'null', 'REMOTE_REFUSED'],
    [200, '{"status":"success","data":{"resultType":"vector","result":[]}}', 'REMOTE_REFUSED'],
  ])('an answer %i %j to a query is told', async (status, body, code) => {
    const url = await answering(status, body);
    await expect(createPrometheusHistory({ url }).series(query)).rejects.toMatchObject({ code });
  });

  it('buckets that no sketch has are passed over', async () => {
    const series = (bucket: string) => ({ metric: { bucket }, values: [[thisMinute / 1000, '3']] });
    const result = [series('99999'), series('x'), series('1e3'), series('')];
    const url = await answering(200, JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
    expect(await createPrometheusHistory({ url }).series(query)).toMatchObject([{ count: 0, p95: null }]);
  });

  it('is given the credentials of its address as a header, and the token before them', async () => {
    const url = (await answering(204, '')).replace('http://', 'http://me:p%40ss@');
    await createRemoteWrite({ url, headers: { 'X-Scope-OrgID': 'nps' } }).store(rows);
    expect(asked?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
      'x-scope-orgid': 'nps',
    });
    await createRemoteWrite({ url, token: 'abc' }).store(rows);
    expect(asked?.headers.authorization).toBe('Bearer abc');
    expect(asked?.url).toBe('/select/0');
  });

  it('that is not there is told by its host alone', async () => {
    const url = await answering(204, '');
    server?.close();
    await once(server as Server, 'close');
    await expect(
      createRemoteWrite({ url: url.replace('http://', 'http://me:hidden@') }).store(rows),
    ).rejects.toMatchObject({
      code: 'REMOTE_AWAY',
      message: expect.not.stringContaining('hidden'),
    });
  });

  it('is given up after its time', async () => {
    server = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    await expect(createRemoteWrite({ url, timeoutMs: 150 }).store(rows)).rejects.toMatchObject({
      code: 'REMOTE_AWAY',
      message: expect.stringContaining('within 150 ms'),
    });
  });
});

describe('the options of an engine', () => {
  it.each([
    [{ url: 'ftp://x' }, 'INVALID_OPTION'],
    [{ url: '' }, 'INVALID_OPTION'],
    [{ url: 'http://x', timeoutMs: 0 }, 'INVALID_OPTION'],
    [{ url: 'http://x', labels: { 'a-b': '1' } }, 'INVALID_NAME'],
    [{ url: 'http://x', labels: { __name__: '1' } }, 'INVALID_NAME'],
  ])('%j is refused as %s', (options, code) => {
    expect(() => createRemoteWrite(options)).toThrow(expect.objectContaining({ code }));
  });

  it('keeps out what is malformed or from the future, as every history does', async () => {
    const write = createRemoteWrite({ url: 'http://127.0.0.1:1' });
    expect(await write.store([{ ...row('s', 2, [5]), minute: 'never' }])).toEqual({ accepted: 0, refused: 1 });
    expect(await write.store([row('s', -600, [5])])).toEqual({ accepted: 0, refused: 1 });
  });
});
