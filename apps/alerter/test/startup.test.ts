import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkConfigReport } from '../src/commands/check-config.js';
import { type RunnableStartup, readStartup } from '../src/startup.js';

const readText = (path: string): string => readFileSync(path, 'utf8');

function runnable(args: readonly string[], env: Record<string, string>): RunnableStartup {
  const startup = readStartup(args, env, readText);
  if (!('settings' in startup)) throw new Error(JSON.stringify(startup));
  return startup;
}

function inFolder(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'alerter-'));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('what a start reads', () => {
  it('is one Oracle when there is no file', () => {
    const { command, settings, source } = runnable([], { ORACLE_HTTP_URL: 'http://o.test' });
    expect(command).toBe('run');
    expect(settings.targets).toMatchObject([{ name: 'oracle', displayName: 'Oracle', url: 'http://o.test' }]);
    expect(source.read()).toBe(source.text);
    expect(source.parse(source.text)).toHaveProperty('settings.targets', settings.targets);
  });

  it('is the file of --config, with variables that may themselves stand in secret files', () => {
    inFolder((folder) => {
      writeFileSync(join(folder, 'secret'), 'postgres://u:p@db.test/x\n');
      writeFileSync(join(folder, 'targets.yaml'), "targets: [{ name: db, kind: postgres, url: '${DB_URL}' }]");
      const { settings, source, config } = runnable(['--config', join(folder, 'targets.yaml'), '--once'], {
        DB_URL_FILE: join(folder, 'secret'),
      });
      expect(settings.targets[0]?.url).toBe('postgres://u:p@db.test/x');
      expect(config.configPath).toContain('targets.yaml');
      expect(source.read()).toBe(source.text);
      writeFileSync(join(folder, 'secret'), 'postgres://u:q@db.test/x');
      expect(source.parse(source.read())).toHaveProperty('settings.targets.0.url', 'postgres://u:q@db.test/x');
    });
  });

  it('is every fault of environment, secret files and configuration file at once', () => {
    inFolder((folder) => {
      const path = join(folder, 'targets.json');
      writeFileSync(path, '{"targets": [{"name": "a"}]}');
      const startup = readStartup(
        ['--check-config'],
        { NPS_CONFIG: path, ALERTER_PORT: 'x', NPS_BOT_TOKEN_FILE: '/nowhere', NPS_CHAT_ID: '1' },
        readText,
      );
      const { lines, exitCode } = checkConfigReport(startup);
      expect(exitCode).toBe(1);
      expect(lines[0]).toMatch(/^The configuration has \d faults:$/);
      for (const part of [
        'NPS_BOT_TOKEN_FILE',
        'ALERTER_PORT',
        'targets[0]: kind is missing',
        'NPS_CHAT_ID: set without',
      ]) {
        expect(lines.join('\n')).toContain(part);
      }
    });
  });

  it('is a fault when the file is missing, a folder or far too large', () => {
    inFolder((folder) => {
      const large = join(folder, 'large.yaml');
      writeFileSync(large, '#'.repeat(4_000_001));
      for (const path of ['/nowhere.yaml', folder, large]) {
        const startup = readStartup(['--config', path], {}, readText);
        expect('faults' in startup && startup.faults).toEqual([expect.stringContaining(`${path}: cannot be read`)]);
      }
    });
  });

  it('is a wrong argument, and nothing else then', () => {
    expect(readStartup(['--tset'], { ALERTER_PORT: 'x' }, readText)).toEqual({
      command: 'run',
      faults: [expect.stringContaining('--tset')],
    });
    expect(readStartup(['--help'], { ALERTER_PORT: 'x' }, readText)).toEqual({ command: 'help' });
  });
});

describe('--check-config', () => {
  it('says what would be watched, judged and told, and warns of what is missing', () => {
    const { lines, exitCode } = checkConfigReport(runnable(['--check-config'], {}));
    expect(exitCode).toBe(0);
    expect(lines.join('\n')).toMatch(
      /good\.\n {2}targets: {2}oracle \(service\)\n {2}rules: {4}down, [^]*channels: NONE[^]*database: NONE/,
    );
  });

  it('tells of thousands of faults and targets only the first, and how many more there are', () => {
    const faults = Array.from({ length: 5000 }, (_, index) => `fault ${index}`);
    const { lines } = checkConfigReport({ command: 'check-config', faults });
    expect(lines).toHaveLength(22);
    expect([lines[0], lines.at(-1)]).toEqual(['The configuration has 5000 faults:', '  - and 4980 more']);
    const startup = runnable(['--check-config'], {});
    const [target] = startup.settings.targets;
    if (target === undefined) throw new Error('no target');
    const targets = Array.from({ length: 300 }, (_, index) => ({ ...target, name: `t${index}` }));
    const good = checkConfigReport({ ...startup, settings: { ...startup.settings, targets } });
    expect(good.lines[1]).toMatch(/t19 \(service\), and 280 more$/);
  });

  it('names file, channels and database when there are some', () => {
    inFolder((folder) => {
      const path = join(folder, 'a.yaml');
      writeFileSync(
        path,
        'targets: [{ name: a, kind: http, url: "http://a.test" }]\nchannels: { night: { kind: slack, url: "https://s.test" }, slack: { kind: slack, url: "https://t.test" } }',
      );
      const { lines } = checkConfigReport(
        runnable(['--check-config', '--config', path], { DATABASE_URL: 'postgres://db.test/x' }),
      );
      expect(lines.join('\n')).toContain(`good (${path})`);
      expect(lines.join('\n')).toContain('channels: night (slack), slack');
      expect(lines.join('\n')).toContain('database: configured');
    });
  });
});
