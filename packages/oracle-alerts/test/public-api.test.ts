import { describe, expect, it } from '@jest/globals';
import * as contract from '../src/contract/index.js';
import * as main from '../src/index.js';
import * as postgres from '../src/postgres/index.js';

describe('the public names', () => {
  it('of the package are these', () => {
    expect(Object.keys(main).sort()).toMatchSnapshot();
  });

  it('of the contract are these, and they are plain data', () => {
    expect(Object.keys(contract).sort()).toEqual([
      'alertEventKinds',
      'alertPhases',
      'noticeKinds',
      'noticeStates',
      'severities',
    ]);
  });

  it('of the PostgreSQL entry are these', () => {
    expect(Object.keys(postgres).sort()).toEqual([
      'acknowledgeAlert',
      'createPostgresStore',
      'deleteSilence',
      'migrations',
      'pruneAlerts',
      'readAlertHistory',
      'readAlerts',
      'readChannels',
      'readNotices',
      'readSilences',
      'storeSilence',
    ]);
  });
});

describe('the contract', () => {
  it('imports nothing but itself', async () => {
    const { readdirSync, readFileSync } = await import('node:fs');
    const folder = new URL('../src/contract/', import.meta.url);
    for (const file of readdirSync(folder)) {
      const source = readFileSync(new URL(file, folder), 'utf8');
      for (const [, from] of source.matchAll(/from '([^']+)'/g)) expect(from).toMatch(/^\.\/[a-z]+\.js$/);
    }
  });
});
