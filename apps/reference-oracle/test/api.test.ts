import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import fc from 'fast-check';
import { type OracleUnderTest, startOracleUnderTest } from './oracle-under-test.js';

const READING = { user_id: 'u-7', name: 'Ada Lovelace', birth_date: '1815-12-10', date: '2026-02-08' };
let running: OracleUnderTest;

beforeAll(async () => {
  running = await startOracleUnderTest();
});

afterAll(() => running.stop());

describe('POST /api/oracle/reading', () => {
  it('answers with the reading the RPC gives', async () => {
    const { status, body } = await running.post(READING);
    expect(status).toBe(200);
    const { insight_id: _, ...viaHttp } = body;
    const { insight_id: __, question_sign: ___, ...viaGrpc } = await running.call('GetReading', READING);
    expect(viaHttp).toEqual(viaGrpc);
  });

  it('is seen as one HTTP request and one reading', async () => {
    const read = async () => {
      const text = await (await fetch(`${running.sidecarUrl}/metrics/prometheus`)).text();
      const found = /http_requests_total\{method="POST",endpoint="\/api\/oracle\/reading",status="200"\} (\d+)/.exec(
        text,
      );
      return Number(found?.[1] ?? 0);
    };
    const before = await read();
    await running.post(READING);
    expect(await read()).toBe(before + 1);
  });

  it('names every unusable field at once and what was expected', async () => {
    const { status, body } = await running.post({ user_id: 5, name: '***', birth_date: '1815-02-30', date: 'today' });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      type: 'urn:nps:problem:invalid-request',
      title: 'The request is not usable',
      status: 400,
    });
    expect(body['errors']).toEqual([
      { field: 'user_id', message: 'expected text, got 5' },
      { field: 'name', message: 'expected at least one letter A–Z, got "***"' },
      { field: 'birth_date', message: 'expected a day that exists, as YYYY-MM-DD, got "1815-02-30"' },
      { field: 'date', message: 'expected a day that exists, as YYYY-MM-DD, got "today"' },
    ]);
  });

  it('says what is missing from an empty object', async () => {
    const { body } = await running.post({});
    expect(body['errors']).toEqual([
      { field: 'name', message: 'expected the name to read, got nothing' },
      { field: 'birth_date', message: 'expected a day as YYYY-MM-DD, got nothing' },
    ]);
  });

  it.each([
    ['a list', '[]', 400],
    ['null', 'null', 400],
    ['a number', '5', 400],
    ['broken JSON', '{"name":', 400],
    ['nothing', '', 400],
    ['a body over the limit', JSON.stringify({ name: 'x'.repeat(20_000) }), 413],
    ['a name over the limit', JSON.stringify({ ...READING, name: 'x'.repeat(300) }), 400],
    ['a user id with NUL', JSON.stringify({ ...READING, user_id: 'a\u0000b' }), 400],
    ['a user id with a line break', JSON.stringify({ ...READING, user_id: 'a\nERROR b' }), 400],
    ['a user id with a bidi mark', JSON.stringify({ ...READING, user_id: 'a\u202eb' }), 400],
    ['a user id with half a character', JSON.stringify({ ...READING, user_id: 'a\ud800' }), 400],
    ['a birth in the future', JSON.stringify({ ...READING, birth_date: '2999-01-01' }), 400],
    ['a polluting key', '{"__proto__": {"name": "x"}, "constructor": 1}', 400],
  ])('refuses %s with a problem', async (_what, body, expected) => {
    const reply = await running.post(body);
    expect(reply.status).toBe(expected);
    expect(reply.body).toMatchObject({ status: expected });
    expect(typeof reply.body['detail']).toBe('string');
    expect(({} as Record<string, unknown>)['name']).toBeUndefined();
  });

  it('takes any name of letters, whatever else is in it', async () => {
    const noise = fc.string({ unit: 'binary', maxLength: 150 });
    await fc.assert(
      fc.asyncProperty(noise, async (text) => {
        const { status, body } = await running.post({ ...READING, name: `A${text}`, question: `B${text}` });
        expect([status, body['is_stored']]).toEqual([200, true]);
      }),
      { numRuns: 60 },
    );
  });

  it('never fails inside, whatever JSON comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (name, date) => {
        const { status } = await running.post({ user_id: date, name, birth_date: date, question: name, date });
        expect(status === 400 || status === 200).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('answers errors as application/problem+json', async () => {
    const reply = await fetch(`${running.apiUrl}/api/oracle/reading`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.headers.get('x-powered-by')).toBeNull();
  });

  it('refuses another content type, another method and another path, and says which would do', async () => {
    const url = `${running.apiUrl}/api/oracle/reading`;
    const asText = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(READING),
    });
    expect(asText.status).toBe(415);
    const viaGet = await fetch(url);
    expect([viaGet.status, viaGet.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${running.apiUrl}/`)).status).toBe(404);
  });

  it('does not take a body that promises more than it sends for a request', async () => {
    const { port } = new URL(running.apiUrl);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(
      'POST /api/oracle/reading HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"na',
    );
    await new Promise((resolve) => socket.once('close', resolve).resume());
    expect((await running.post(READING)).status).toBe(200);
  });

  it('counts a refused request as nobody’s failed reading', async () => {
    await running.post({});
    const { body } = await running.get('/metrics');
    expect(body['counters'].errors).toBe(0);
  });

  it('logs the request and its reading under one request id', async () => {
    await running.post(READING, { 'x-request-id': 'one-id' });
    const linesOfIt = () => running.logLines().filter((line) => line['request_id'] === 'one-id');
    await waitFor(() => linesOfIt().length === 2);
    const lines = linesOfIt();
    expect(lines.map((line) => line['action'])).toEqual(expect.arrayContaining(['GetReading', 'http_request']));
    expect(lines.find((line) => line['action'] === 'GetReading')).toMatchObject({ user_id: 'u-7' });
  });

  it('keeps names and birth dates out of the log', () => {
    expect(running.logText()).not.toMatch(/Lovelace|1815-12-10/);
  });
});
