import { describe, expect, it } from '@jest/globals';

import { publicAddress } from '../../src/contract/index.js';

describe('publicAddress', () => {
  it.each([
    ['https://user:p%40ss@oracle.example:8443/health?key=1#x', 'https://oracle.example:8443'],
    ['postgres://u:p@w@db:5432/nps?sslmode=require', 'postgres://db:5432'],
    ['redis://:secret@[::1]:6379/0', 'redis://[::1]:6379'],
    ['tcp://host:80', 'tcp://host:80'],
    ['http://host?token=secret', 'http://host'],
    ['not a url', ''],
  ])('shows %j as %j', (url, shown) => {
    expect(publicAddress({ url })).toBe(shown);
  });
});
