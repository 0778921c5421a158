import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTelegramPeer, waitFor } from '@nps/testing';
import { builtInNotifiers } from '../src/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const TOKEN = `${'1'.repeat(9)}:${'t'.repeat(35)}`;

describe('the built package', () => {
  let folder: string;
  beforeAll(() => {
    // Built to a folder of its own, so that tests need no build and touch none.
    folder = mkdtempSync(join(tmpdir(), 'oracle-alerts-'));
    for (const [config, out] of [
      ['tsconfig.build.json', 'esm'],
      ['tsconfig.cjs.json', 'cjs'],
    ] as const) {
      execFileSync(process.execPath, [tsc(), '-p', config, '--outDir', join(folder, 'dist', out)], { cwd: root });
    }
    writeFileSync(join(folder, 'dist/cjs/package.json'), '{"type":"commonjs"}');
    writeFileSync(join(folder, 'package.json'), readFileSync(join(root, 'package.json')));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function tsc(): string {
    const require = createRequire(join(root, 'package.json'));
    return join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  }

  const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

  it('is imported and required by every entry', () => {
    const imports = `const all = await Promise.all(['', '/contract', '/postgres'].map((entry) => import('@nps/oracle-alerts' + entry)));
      console.log(all.map((entry) => Object.keys(entry).length > 3).join())`;
    expect(node('--input-type=module', '-e', imports)).toBe('true,true,true\n');
    const requires = `console.log(['', '/contract', '/postgres'].map((entry) => Object.keys(require('@nps/oracle-alerts' + entry)).length > 3).join())`;
    expect(node('-e', requires)).toBe('true,true,true\n');
  });

  it('runs the example of the README against a real server of Telegram’s shape', async () => {
    const peer = await startTelegramPeer({ token: TOKEN });
    const source = readFileSync(join(root, 'examples/watch-one-service.ts'), 'utf8');
    writeFileSync(join(folder, 'example.mjs'), source);
    const child = spawn(process.execPath, ['example.mjs'], {
      cwd: folder,
      env: { ...process.env, NPS_BOT_TOKEN: TOKEN, NPS_CHAT_ID: '1', TELEGRAM_API_URL: peer.url },
      stdio: 'inherit',
    });
    try {
      await waitFor(() => peer.messages.length === 1, { timeoutMs: 15_000 });
      expect(peer.messages[0]?.text).toContain('⚠️ WARNING: Oracle disk space low: 97% used (threshold: 90%)');
      await waitFor(() => child.exitCode !== null, { timeoutMs: 15_000 });
      expect(child.exitCode).toBe(0);
    } finally {
      child.kill('SIGKILL');
      await peer.stop();
    }
  }, 40_000);
});

describe('the README', () => {
  it('has a row for every kind of channel, and every error code', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const { kind } of builtInNotifiers) expect(readme).toMatch(new RegExp(`^\\| \`${kind}\` +\\|`, 'm'));
    const codes = readFileSync(join(root, 'src/errors.ts'), 'utf8').match(/'[A-Z_]+'/g) ?? [];
    for (const code of codes) expect(readme).toContain(`\`${code.slice(1, -1)}\``);
  });
});
