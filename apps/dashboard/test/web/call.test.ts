import { describe, expect, it } from '@jest/globals';
import { CallFault, createCall } from '../../src/web/call.js';
import { formatRoute, parseRoute, withParam } from '../../src/web/route.js';
import { applyTheme, readTheme } from '../../src/web/theme.js';

type Seen = { url: string; init: RequestInit | undefined };

/** A server that answers everything alike and keeps what it was asked. */
function server(status: number, body: unknown): { readonly seen: Seen[]; readonly fetch: typeof globalThis.fetch } {
  const seen: Seen[] = [];
  const fetch = (url: unknown, init?: RequestInit) => {
    seen.push({ url: String(url), init });
    return Promise.resolve({ ok: status < 400, status, json: () => Promise.resolve(body) } as Response);
  };
  return { seen, fetch };
}

describe('call', () => {
  it('puts a name into the path, escaped, and the rest into the query', async () => {
    const { seen, fetch } = server(200, { ok: true });
    const call = createCall(fetch);
    await call('alert', { id: 'down/a b' });
    await call('history', { service: 'oracle', range: '7d', operation: undefined });
    await call('deleteSilence', { id: 's' });
    expect(seen.map(({ url, init }) => [init?.method, url])).toEqual([
      ['GET', '/api/alerts/down%2Fa%20b'],
      ['GET', '/api/history?service=oracle&range=7d'],
      ['DELETE', '/api/silences/s'],
    ]);
  });

  it('sends changes as JSON', async () => {
    const { seen, fetch } = server(200, {});
    await createCall(fetch)('acknowledge', { id: 'x', minutes: 5 });
    expect(seen[0]).toMatchObject({
      url: '/api/alerts/x/acknowledge',
      init: { method: 'POST', body: '{"minutes":5}', headers: { 'content-type': 'application/json' } },
    });
  });

  it('tells a refusal from a server that is away', async () => {
    await expect(
      createCall(server(403, { title: 'Not allowed', detail: 'Sign in.' }).fetch)('status'),
    ).rejects.toMatchObject({ kind: 'refused', status: 403, message: 'Not allowed. Sign in.' });
    await expect(createCall(() => Promise.reject(new TypeError('x')))('status')).rejects.toBeInstanceOf(CallFault);
  });
});

describe('addresses', () => {
  it('survive there and back, whatever a name holds', () => {
    const route = { place: 'alerts', item: 'down/ä b?c#d', params: new Map([['range', '7d']]) };
    const url = new URL(formatRoute(route), 'http://x');
    expect(parseRoute(url.pathname, url.search)).toEqual(route);
  });

  it('that cannot be decoded are taken as they are', () => {
    expect(parseRoute('/services/%E0%A4%A', '')).toMatchObject({ place: 'services', item: '%E0%A4%A' });
  });

  it('lose a parameter that is emptied', () => {
    expect(formatRoute(withParam(parseRoute('/', '?range=7d'), 'range', ''))).toBe('/');
  });
});

describe('the theme', () => {
  const broken = {
    getItem: (): never => {
      throw new Error('forbidden');
    },
    setItem: (): never => {
      throw new Error('forbidden');
    },
  };
  it('is dark where nothing can be remembered, and still changes', () => {
    expect(readTheme(broken)).toBe('dark');
    const root = document.createElement('div');
    applyTheme('light', root, broken);
    expect(root.dataset['theme']).toBe('light');
  });
});
