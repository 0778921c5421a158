import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../src/config.js';

describe('what the command line and the environment ask for', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'launcher-config-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('starts the demo on the documented ports when nothing is said', () => {
    expect(readConfig([], {}, root)).toMatchObject({
      watch: { kind: 'demo' },
      databaseUrl: undefined,
      dataDirectory: join(root, '.data'),
      telegram: false,
      ports: { oracleApi: 8000, oracleSidecar: 9090, oracleGrpc: 50_052, alerter: 9095, dashboard: 9000 },
    });
  });

  it('finds the file of --config from the folder the command was typed in', () => {
    writeFileSync(join(root, 'mine.yaml'), '');
    const watch = { kind: 'file', path: join(root, 'mine.yaml') };
    expect(readConfig(['--config', 'mine.yaml'], { INIT_CWD: root }, '/elsewhere')).toMatchObject({ watch });
    expect(readConfig(['--config=mine.yaml'], {}, root)).toMatchObject({ watch });
  });

  it('watches a real Oracle, uses a real database and sends to Telegram when told so', () => {
    const environment = { ORACLE_HTTP_URL: 'http://oracle:9090', DATABASE_URL: 'postgres://x', NPS_BOT_TOKEN: 'set' };
    expect(readConfig([], environment, root)).toMatchObject({
      watch: { kind: 'oracle', url: 'http://oracle:9090' },
      databaseUrl: 'postgres://x',
      telegram: true,
    });
  });

  it('says everything that is wrong at once, and how it is used', () => {
    const environment = { DASHBOARD_PORT: 'high', ALERTER_PORT: '70000', ORACLE_HTTP_URL: 'oracle' };
    const read = (): unknown => readConfig(['--config', 'none.json', '--verbose'], environment, root);
    for (const part of ['none.json', '--verbose', 'DASHBOARD_PORT', '70000', 'ORACLE_HTTP_URL', 'npm start'])
      expect(read).toThrow(part);
    expect(() => readConfig(['--config'], {}, root)).toThrow('wants a file name');
  });
});
