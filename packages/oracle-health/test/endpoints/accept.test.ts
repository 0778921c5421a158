import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { acceptedTypes, prefers } from '../../src/endpoints/accept.js';

const draft = ['application/health+json'];

describe('the Accept header', () => {
  it.each<[string, boolean]>([
    ['', false],
    ['*/*', false],
    ['application/json', false],
    ['application/health+json', true],
    ['Application/Health+JSON; charset=utf-8', true],
    ['application/health+json, application/json', true],
    ['application/json, application/health+json', false],
    ['application/json;q=0.5, application/health+json', true],
    ['application/health+json;q=0.5, application/json', false],
    ['application/health+json;q=0.5, text/html', true],
    ['application/health+json;q=0', false],
    ['application/health+json; q=0.000, */*', false],
    ['text/html,application/xhtml+xml,*/*;q=0.8', false],
    ['application/health+json;q=nonsense', false],
    [',;,;q=1,', false],
  ])('%j asks for application/health+json: %j', (accept, expected) => {
    expect(prefers(accept, draft)).toBe(expected);
  });

  it('is read in linear time, and without a fault, whatever it says', () => {
    fc.assert(fc.property(fc.string({ maxLength: 2_000 }), (accept) => Array.isArray(acceptedTypes(accept))));
    expect(acceptedTypes('text/plain,'.repeat(100_000)).length).toBeLessThan(100);
  });
});
