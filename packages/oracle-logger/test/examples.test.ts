import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface Line {
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Runs an example in a folder of its own inside of the package, so that it finds the package by its name. */
function run(name: string, service: string): { readonly output: string; readonly lines: readonly Line[] } {
  const folder = resolve('coverage/examples', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(`examples/${name}.mjs`, `${folder}/${name}.mjs`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${name}.mjs`], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const lines = readFileSync(`${folder}/logs/${service}.log`, 'utf8').trimEnd().split('\n');
  return { output: stdout, lines: lines.map((line) => JSON.parse(line) as Line) };
}

describe('the examples', () => {
  it('are all run by this test', () => {
    expect(readdirSync('examples')).toEqual(['http-service.mjs', 'start.mjs', 'transports.mjs']);
  });

  it('start with a logger in ten lines', () => {
    const { output, lines } = run('start', 'oracle');
    expect(lines).toMatchObject([
      { user_id: 'u-17' },
      { level: 'WARN', duration_ms: 12_000 },
      { request_id: 'r-1', api_key: '[REDACTED]' },
      { level: 'ERROR', error: { message: 'AI timed out' } },
    ]);
    expect(output.trimEnd().split('\n')).toHaveLength(4);
  });

  it('show a service whose lines carry the id of the request and where they come from', () => {
    const { lines } = run('http-service', 'api');
    const answering = lines.find(({ message }) => message === 'Answering');
    expect(answering).toMatchObject({ request_id: expect.any(String), line: expect.any(Number) });
    expect(answering?.['filename']).toMatch(/http-service\.mjs$/);
    expect(JSON.stringify(lines)).not.toContain('never-shown');
  });

  it('show a transport of winston beside the files', () => {
    const { output, lines } = run('transports', 'scanner');
    expect(output).toContain('Disk nearly full');
    expect(output).not.toContain('never shown');
    expect(lines.map(({ message }) => message)).toEqual(['Disk nearly full', 'Seen from now on']);
  });
});
