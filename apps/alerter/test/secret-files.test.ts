import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSecretFiles } from '../src/secret-files.js';

const readText = (path: string): string => readFileSync(path, 'utf8');

describe('secrets that stand in files', () => {
  it('fills in the variable from the file its twin names, without the closing line break', () => {
    const directory = mkdtempSync(join(tmpdir(), 'alerter-'));
    const path = join(directory, 'token');
    writeFileSync(path, 'first line\nsecond line\r\n');
    const { env, faults } = readSecretFiles({ NPS_BOT_TOKEN_FILE: path, MY_TOKEN_FILE: path }, readText, ['MY_TOKEN']);
    expect(env).toMatchObject({ NPS_BOT_TOKEN: 'first line\nsecond line', MY_TOKEN: 'first line\nsecond line' });
    expect(faults).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  it('lets a value that is set directly win, and opens no file that is not asked for', () => {
    const { env, faults } = readSecretFiles(
      { DATABASE_URL: 'direct', DATABASE_URL_FILE: '/nowhere', SSL_CERT_FILE: '/nowhere' },
      readText,
    );
    expect(env['DATABASE_URL']).toBe('direct');
    expect(env['SSL_CERT']).toBeUndefined();
    expect(faults).toEqual([]);
  });

  it('says which file cannot be read', () => {
    const { faults } = readSecretFiles({ SMTP_PASSWORD_FILE: '/nowhere/at/all' }, readText);
    expect(faults).toEqual([expect.stringMatching(/^SMTP_PASSWORD_FILE: cannot read \/nowhere\/at\/all \(ENOENT/)]);
  });
});
