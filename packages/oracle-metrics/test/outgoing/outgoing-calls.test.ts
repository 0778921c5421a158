import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import axios from 'axios';
import { createMetrics, instrumentAxios, instrumentFetch } from '../../src/index.js';
import { endpointOf, failureWord } from '../../src/outgoing/outgoing-calls.js';

let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((req, res) => {
    if (req.url?.startsWith('/broken')) req.socket.destroy();
    else res.writeHead(req.url?.startsWith('/busy') ? 429 : 200).end('{"ok":true}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('instrumentFetch', () => {
  it('counts and times calls by endpoint and status, and hands on the answer', async () => {
    const metrics = createMetrics({ service: 'oracle' });
    const fetch = instrumentFetch(metrics, { service: 'anthropic' });
    expect(await (await fetch(`${base}/v1/messages?key=secret`)).json()).toEqual({ ok: true });
    await (await fetch(new URL(`${base}/users/4711`))).text();
    expect((await fetch(new Request(`${base}/busy`))).status).toBe(429);
    const text = metrics.toPrometheus();
    expect(text).toContain('external_api_requests_total{service="anthropic",endpoint="/v1/messages",status="200"} 1\n');
    expect(text).toContain('external_api_requests_total{service="anthropic",endpoint="/users/:id",status="200"} 1\n');
    expect(text).toContain('external_api_requests_total{service="anthropic",endpoint="/busy",status="429"} 1\n');
    expect(text).toContain('external_api_duration_seconds_count{service="anthropic",endpoint="/busy"} 1\n');
    expect(text).not.toContain('secret');
  });

  it('lets the very error through and counts why there was no answer', async () => {
    const metrics = createMetrics({ service: 'oracle' });
    const fetch = instrumentFetch(metrics, { service: 'ai', endpoint: () => 'messages' });
    await expect(fetch('http://127.0.0.1:1/')).rejects.toMatchObject({ name: 'TypeError' });
    await expect(fetch(base, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    const text = metrics.toPrometheus();
    expect(text).toContain('status="AbortError"} 1\n');
    expect(text.match(/^external_api_requests_total\{/gm)).toHaveLength(2);
  });
});

describe('instrumentAxios', () => {
  it('counts and times calls of an instance until it is taken away', async () => {
    const metrics = createMetrics({ service: 'oracle' });
    const client = axios.create({ baseURL: base });
    const remove = instrumentAxios(metrics, client, { service: 'anthropic' });
    expect((await client.get('/v1/models')).data).toEqual({ ok: true });
    await expect(client.get(`${base}/busy`)).rejects.toMatchObject({ response: { status: 429 } });
    await expect(client.get('/broken')).rejects.toMatchObject({ code: 'ECONNRESET' });
    remove();
    await client.get('/v1/models');
    const text = metrics.toPrometheus();
    expect(text).toContain('external_api_requests_total{service="anthropic",endpoint="/v1/models",status="200"} 1\n');
    expect(text).toContain('external_api_requests_total{service="anthropic",endpoint="/busy",status="429"} 1\n');
    expect(text).toContain(
      'external_api_requests_total{service="anthropic",endpoint="/broken",status="ECONNRESET"} 1\n',
    );
  });

  it('leaves an error alone that another interceptor raised before the call', async () => {
    const metrics = createMetrics({ service: 'oracle' });
    const client = axios.create();
    instrumentAxios(metrics, client, { service: 'ai' });
    client.interceptors.request.use(() => Promise.reject(new Error('offline')));
    await expect(client.get(base)).rejects.toThrow('offline');
    expect(metrics.toPrometheus()).not.toContain('external_api_requests_total{');
  });
});

describe('endpointOf', () => {
  it.each([
    ['https://user:pw@host/v1/messages/msg_1?x=1#y', '/v1/messages/msg_1'],
    ['/a/123/b/0f8fad5b-d9cb-469f-a165-70867728950e', '/a/:id/b/:id'],
    ['/a?b', '/a'],
    ['', ''],
  ])('calls %s %s', (url, endpoint) => {
    expect(endpointOf(url)).toBe(endpoint);
  });
});

describe('failureWord', () => {
  it.each([
    [Object.assign(new Error('x'), { code: 'ETIMEDOUT' }), 'ETIMEDOUT'],
    [new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }), 'ECONNREFUSED'],
    [new RangeError('x'), 'RangeError'],
    ['text', 'unknown'],
    [null, 'unknown'],
  ])('calls %p %s', (error, word) => {
    expect(failureWord(error)).toBe(word);
  });
});
