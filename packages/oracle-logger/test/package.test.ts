import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from './log-file.js';

const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const use = `
  const logger = createLogger({ service: 'oracle', directory: './logs', console: false });
  logger.info('installed alone', { password: 'hunter22' });
  logger.close().then(() => console.log(require('node:fs').readFileSync('./logs/oracle.log', 'utf8').trim(), redact('token=abc123')));
`;

describe('the packed package', () => {
  it('works alone in an empty folder: ESM, CommonJS, every entry and the command', () => {
    const folder = temporaryFolder();
    const tarball =
      run('npm', ['pack', '--silent', '--pack-destination', folder.path], process.cwd()).trim().split('\n').at(-1) ??
      '';
    // What pnpm writes on publishing: real versions for the catalog's, none for the workspace's.
    const versions = /'?([@\w/-]+)'?: (\d[\w.-]*)/g;
    const catalog = Object.fromEntries(
      [...readFileSync('../../pnpm-workspace.yaml', 'utf8').matchAll(versions)].map(([, name, version]) => [
        name,
        version,
      ]),
    );
    run('tar', ['xzf', tarball], folder.path);
    const manifestPath = join(folder.path, 'package', 'package.json');
    const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as {
      dependencies: Record<string, string>;
      devDependencies?: object;
    };
    for (const name of Object.keys(manifest.dependencies)) manifest.dependencies[name] = catalog[name] ?? 'unknown';
    delete manifest.devDependencies;
    writeFileSync(manifestPath, JSON.stringify(manifest));
    writeFileSync(join(folder.path, 'package.json'), '{"private":true}');
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--install-links', './package'], folder.path);
    writeFileSync(
      join(folder.path, 'use.cjs'),
      `const { createLogger } = require('@nps/oracle-logger'); const { redact } = require('@nps/oracle-logger/redact');${use}`,
    );
    writeFileSync(
      join(folder.path, 'use.mjs'),
      `import { createRequire } from 'node:module'; import { createLogger } from '@nps/oracle-logger'; import { redact } from '@nps/oracle-logger/redact'; const require = createRequire(import.meta.url);${use}`,
    );
    for (const file of ['use.cjs', 'use.mjs']) {
      const output = run(process.execPath, [file], folder.path);
      expect(output).toContain('"message":"installed alone","logger":"oracle","password":"[REDACTED]"');
      expect(output).toContain('token=[REDACTED]');
    }
    expect(
      run(join(folder.path, 'node_modules/.bin/oracle-logs'), ['-d', 'logs', '-j'], folder.path).trim().split('\n'),
    ).toHaveLength(2);
    folder.remove();
  }, 120_000);
});
