import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** What the entries are used for, in one line each; none needs its peer to be imported. */
const use = {
  '.': "m.createMetrics({ service: 'x' }).getMetrics().service",
  './contract': 'm.parseMetricsReport(null).outcome',
  './client': "m.parsePrometheusText('up 1')[0].value",
  './postgres': 'm.migrations.length',
  './grpc': 'typeof m.grpcMetrics({})',
} as const;

describe('the packed package, installed alone in an empty folder', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'packed-metrics-'));
    execFileSync('npx', ['--prefer-offline', '--yes', 'pnpm@10.34.9', 'pack', '--pack-destination', folder], {
      stdio: 'pipe',
    });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], {
      cwd: folder,
      stdio: 'pipe',
    });
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function run(script: string, flags: readonly string[] = []): string {
    return execFileSync(process.execPath, [...flags, '-e', script], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  }

  it('brings no other package along', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@nps']);
    expect(readdirSync(join(folder, 'node_modules/@nps'))).toEqual(['oracle-metrics']);
  });

  it.each(Object.entries(use))('works from %s as ESM and as CommonJS alike', (entry, expression) => {
    const name = `@nps/oracle-metrics${entry.slice(1)}`;
    const esm = run(`import * as m from '${name}'; process.stdout.write(String(${expression}))`, [
      '--input-type=module',
    ]);
    const cjs = run(`const m = require('${name}'); process.stdout.write(String(${expression}))`);
    expect([esm, cjs]).toEqual([cjs, esm]);
    expect(esm.length).toBeGreaterThan(0);
  });

  it('lets nobody import what is not an entry', () => {
    const { stderr } = spawnSync(process.execPath, ['-e', "require('@nps/oracle-metrics/dist/cjs/report.js')"], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
