import { describe, expect, it } from '@jest/globals';
import { api } from '../../src/contract/api.js';
import { type AnyEndpoint, fillPath, pathFields } from '../../src/contract/endpoint.js';

const endpoints: readonly [string, AnyEndpoint][] = Object.entries(api);

describe('the endpoint table', () => {
  it('has one line for each method and path', () => {
    const lines = endpoints.map(([, { method, path }]) => `${method} ${path.replaceAll(/:\w+/g, ':')}`);
    expect(new Set(lines).size).toBe(lines.length);
  });

  it.each(endpoints)('%s declares every part of its path as a field', (_name, { path, input }) => {
    expect(Object.keys(input)).toEqual(expect.arrayContaining([...pathFields(path)]));
  });

  it('lets nobody change anything without signing in, but the sign-in itself and who holds a signed link', () => {
    const open = endpoints
      .filter(([, { method, access }]) => method !== 'GET' && access !== 'change')
      .map(([name]) => name);
    expect(open).toEqual(['acknowledgeByLink', 'signIn', 'signOut']);
  });
});

describe('fillPath', () => {
  it('escapes what it fills in, so that a name cannot become another path', () => {
    expect(fillPath('/api/services/:name', { name: '../../etc?x=1#y' })).toBe(
      '/api/services/..%2F..%2Fetc%3Fx%3D1%23y',
    );
  });
});
