import { describe, expect, it } from '@jest/globals';

import { pathOf, queryOf } from '../../src/endpoints/target.js';

describe('a request target', () => {
  it.each([
    ['/health', '/health'],
    ['/health/', '/health'],
    ['/health//?a=1', '/health'],
    ['/', '/'],
    ['/?verbose', '/'],
    ['', ''],
    ['*', '*'],
    ['http://oracle:9090/health?x', '/health'],
    ['HTTPS://user@oracle/livez', '/livez'],
    ['//health', '//health'],
  ])('%j has the path %j', (url, path) => {
    expect(pathOf(url)).toBe(path);
  });

  it('has no query or one', () => {
    expect(queryOf('/health').size).toBe(0);
    expect(queryOf('/health?exclude=a&exclude=b').getAll('exclude')).toEqual(['a', 'b']);
  });

  it('takes no longer than its length to read, slashes without end included', () => {
    const startedAt = performance.now();
    for (let i = 0; i < 100; i += 1) pathOf(`${'/'.repeat(16_000)}x`);
    // A pattern that backtracks takes 100 ms each.
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
