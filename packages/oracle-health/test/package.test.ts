import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { builtInChecks } from '../src/checks/index.js';
import * as checks from '../src/index.js';

const run = promisify(execFile);
const readme = readFileSync('README.md', 'utf8');
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; exports: Record<string, unknown> };
const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
// These adapt a framework that is not installed alone.
const alone = entries.filter((entry) => entry !== './grpc').map((entry) => join(manifest.name, entry));

let directory: string;

beforeAll(async () => {
  if (!existsSync('dist/esm/index.js')) throw new Error('Build the package first: npm run build');
  directory = mkdtempSync(join(tmpdir(), 'health-alone-'));
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', directory]);
  writeFileSync(join(directory, 'package.json'), '{"private":true}');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${stdout.trim()}`], {
    cwd: directory,
  });
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function execute(file: string, source: string): Promise<string> {
  writeFileSync(join(directory, file), source);
  const { stdout } = await run(process.execPath, [file], { cwd: directory, timeout: 20_000 });
  return stdout;
}

describe('the package, packed and installed alone', () => {
  it('loads every entry as an ES module and as CommonJS, with the same names', async () => {
    const lines = `const shown = {}; for (const entry of ${JSON.stringify(alone)}) shown[entry] = `;
    const print = '; console.log(JSON.stringify(shown));';
    const names = 'Object.keys(entryModule).filter((name) => name !== "default" && name !== "module.exports").sort()';
    const esm = await execute('a.mjs', `${lines}((entryModule) => ${names})(await import(entry))${print}`);
    const cjs = await execute('b.cjs', `${lines}((entryModule) => ${names})(require(entry))${print}`);
    expect(JSON.parse(esm)).toEqual(JSON.parse(cjs));
    expect(Object.keys(JSON.parse(esm) as object)).toEqual(alone);
    expect((JSON.parse(esm) as Record<string, string[]>)[manifest.name]).toEqual(Object.keys(checks).toSorted());
  });

  it('names the missing framework when an adapter is loaded without it', async () => {
    await expect(execute('c.mjs', `await import('${manifest.name}/grpc');`)).rejects.toThrow(/@grpc\/grpc-js/);
  });

  it('runs the ten lines of its README', async () => {
    const [, lines = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
    // Alone there is no pg: the check says so and the rest goes on.
    expect(await execute('readme.mjs', lines)).toBe('503 degraded\n');
  });

  it('answers from its thread in CommonJS, too', async () => {
    const source = `
      const { createHealth, startSidecar } = require('${manifest.name}');
      (async () => {
        const sidecar = await startSidecar({ health: createHealth({ service: 'x', version: '1', checks: [] }), port: 0 });
        const answer = await fetch('http://127.0.0.1:' + sidecar.port + '/livez');
        console.log(answer.status, await answer.text());
        await sidecar.stop();
      })();`;
    expect(await execute('d.cjs', source)).toBe('200 {"status":"alive"}\n');
  });

  it('lets the process end by itself while health runs in the background', async () => {
    const source = `
      import { createHealth, eventLoopCheck } from '${manifest.name}';
      createHealth({ service: 'x', version: '1', checks: [eventLoopCheck()] }).start();`;
    expect(await execute('e.mjs', source)).toBe('');
  });
});

describe('the README', () => {
  it('lists every check and every class of error', () => {
    const names = Object.entries(checks).flatMap(([name, value]) =>
      (builtInChecks as readonly unknown[]).includes(value) ? [name] : [],
    );
    expect(names).toHaveLength(builtInChecks.length);
    for (const name of names) expect(readme).toContain(`| \`${name}(`);
    for (const name of checks.errorClasses) expect(readme).toMatch(new RegExp(`\\b${name}\\b`));
    for (const entry of entries) expect(readme.replace(/ +\|/g, ' |')).toContain(`| \`${entry}\` |`);
  });
});
