import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as main from '../src/index.js';
import * as redactEntry from '../src/redact/index.js';

describe('the public names', () => {
  it('are these and no others', () => {
    expect(Object.keys(main).toSorted()).toEqual([
      'LoggerError',
      'cleanupOldBackups',
      'cleanupOldLogs',
      'createLogger',
      'currentContext',
      'logOperation',
      'readLogConfigs',
      'redact',
      'requestLogger',
      'runWithContext',
      'setupOracleLogger',
    ]);
    expect(Object.keys(redactEntry).toSorted()).toEqual(['mask', 'redact']);
  });

  it('of the redact entry run in browsers: nothing below it imports Node or another folder', () => {
    const folder = 'src/redact';
    const imports = readdirSync(folder).flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(imports.length).toBeGreaterThan(5);
    expect(imports.filter((path) => !/^\.\/[\w-]+\.js$/.test(path))).toEqual([]);
  });
});
