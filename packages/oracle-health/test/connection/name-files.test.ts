import { describe, expect, it } from '@jest/globals';

import { candidateNames, parseResolvConf, readNameFiles } from '../../src/connection/name-files.js';

describe('readNameFiles', () => {
  it('takes missing files for empty ones', async () => {
    expect(await readNameFiles({ hosts: '/nowhere/hosts', resolv: '/nowhere/resolv' })).toEqual({
      hosts: new Map(),
      search: [],
      ndots: 1,
    });
  });

  it('reads this machine without failing', async () => {
    expect((await readNameFiles()).hosts.size).toBeGreaterThan(0);
  });
});

describe('parseResolvConf', () => {
  it('takes the last search line and bounds ndots', () => {
    const text = '; comment\ndomain first\nsearch a.b c # rest\noptions ndots:99 rotate\n';
    expect(parseResolvConf(text)).toEqual({ search: ['a.b', 'c'], ndots: 15 });
    expect(parseResolvConf('search .\n')).toEqual({ search: [], ndots: 1 });
  });
});

describe('candidateNames', () => {
  it('tries short names with suffixes first and long ones as they are first', () => {
    const lists = { search: ['ns.svc', 'svc.'], ndots: 2 };
    expect(candidateNames('db', lists)).toEqual(['db.ns.svc', 'db.svc', 'db']);
    expect(candidateNames('db.ns.x', lists)).toEqual(['db.ns.x', 'db.ns.x.ns.svc', 'db.ns.x.svc']);
    expect(candidateNames('db.', lists)).toEqual(['db']);
  });
});
