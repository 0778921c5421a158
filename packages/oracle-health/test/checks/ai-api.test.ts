import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type AiApiCheckOptions, aiApiCheck, createHealth } from '../../src/index.js';
import { startHttpPeer } from '../peers/http-peer.js';

let peer: Awaited<ReturnType<typeof startHttpPeer>>;
let headers: Record<string, unknown>;

beforeEach(async () => {
  peer = await startHttpPeer((request, response) => {
    ({ headers } = request);
    response.end('{"data":[]}');
  });
});

afterEach(() => peer.stop());

async function run(options: AiApiCheckOptions = {}) {
  const check = aiApiCheck({ baseUrl: `${peer.url}/`, apiKey: 'key', ...options });
  return (await createHealth({ service: 'x', version: '1', checks: [check] }).check()).checks['ai_api'];
}

describe('aiApiCheck', () => {
  it('asks for the free list of models with the key and the version of the API', async () => {
    expect(await run()).toMatchObject({ status: 'ok' });
    expect(peer.requests).toEqual(['GET /v1/models?limit=1']);
    expect(headers).toMatchObject({ 'x-api-key': 'key', 'anthropic-version': '2023-06-01' });
  });

  it('takes a key as files of secrets hold it, and a blank one for none', async () => {
    expect(await run({ apiKey: ' key\n' })).toMatchObject({ status: 'ok' });
    expect(headers).toMatchObject({ 'x-api-key': 'key' });
    expect(await run({ apiKey: ' \n' })).toMatchObject({ status: 'skipped' });
  });

  it('sends one request a minute at most and never a completion, however often health is asked for', async () => {
    const health = createHealth({
      service: 'x',
      version: '1',
      minIntervalMs: 0,
      checks: [aiApiCheck({ baseUrl: peer.url, apiKey: 'key' })],
    });
    for (let i = 0; i < 10_000; i += 1) await health.check();
    expect(peer.requests).toEqual(['GET /v1/models?limit=1']);
  });

  it('sends nothing while real calls tell how the API is', async () => {
    const recent = (operations: number, errors: number) => run({ recentCalls: () => ({ operations, errors }) });
    expect(await recent(20, 1)).toMatchObject({ status: 'ok', value: 0.05, unit: 'ratio' });
    expect(await recent(20, 4)).toMatchObject({ status: 'warning', error: 'THRESHOLD', value: 0.2 });
    expect(await recent(20, 11)).toMatchObject({ status: 'error', error: 'THRESHOLD', value: 0.55 });
    expect(peer.requests).toEqual([]);
    expect(await recent(4, 4)).toMatchObject({ status: 'ok' });
    expect(await run({ recentCalls: () => undefined })).toMatchObject({ status: 'ok' });
    expect(peer.requests).toHaveLength(2);
  });

  it('pays for a completion only when told to', async () => {
    expect(await run({ paidCompletion: { model: 'some-model' } })).toMatchObject({ status: 'ok' });
    expect(peer.requests).toEqual(['POST /v1/messages']);
  });

  it('is skipped without a key, and a skipped check leaves the service healthy', async () => {
    const report = await createHealth({ service: 'x', version: '1', checks: [aiApiCheck()] }).check();
    expect(report).toMatchObject({ status: 'healthy', checks: { ai_api: { status: 'skipped' } } });
  });

  it.each(['ftp://x', 'not a url', 'http://'])('refuses the base url %j', (baseUrl) => {
    expect(() => aiApiCheck({ baseUrl })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
