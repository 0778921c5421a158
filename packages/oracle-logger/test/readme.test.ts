import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

describe('the README', () => {
  it('starts with lines that run and write what they say', () => {
    const code = /```js\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
    // Inside of the package, so that it finds itself by its name.
    const folder = resolve('coverage/readme');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/start.mjs`, code);
    const { status, stderr } = spawnSync(process.execPath, ['start.mjs'], { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const text = readFileSync(`${folder}/logs/oracle.log`, 'utf8');
    const records = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as object);
    expect(records).toMatchObject([
      { level: 'INFO', user_id: 'u-17', duration_ms: 812 },
      { level: 'ERROR', error: { message: 'AI timed out' } },
      { level: 'WARN', action: 'reading', duration_ms: 12_000 },
      { level: 'DEBUG', request_id: 'r-1', part: 'ai' },
      { message: 'Connected to postgres://nps:[REDACTED]@db/nps' },
    ]);
    expect(readFileSync(`${folder}/logs/oracle_errors.log`, 'utf8')).toContain('AI timed out');
  });
});
