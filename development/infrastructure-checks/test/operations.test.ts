import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { has, ROOT, readText } from './repository.js';
import { type Stack, startStack } from './stack.js';

interface Block {
  readonly heading: string;
  readonly kind: string;
  readonly commands: readonly string[];
}

/** Fenced shell blocks with the heading they stand under; a line that ends with a backslash goes on. */
function readBlocks(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let heading = '';
  for (const part of markdown.split(/^(#{2,3} .*|```sh[^\n]*\n[\s\S]*?^```)$/m)) {
    if (part.startsWith('#')) heading = part.replace(/^#+ /, '');
    const [, kind = '', body = ''] = /^```sh *(\w*)\n([\s\S]*)^```$/m.exec(part) ?? [];
    if (!part.startsWith('```')) continue;
    blocks.push({ heading, kind, commands: body.replaceAll('\\\n', '').trim().split('\n') });
  }
  return blocks;
}

const BLOCKS = readBlocks(readText('docs/operations.md'));
const HERE = BLOCKS.filter(({ kind }) => kind === '');
/** pg_dump refuses a server newer than itself: the drill of the images runs this with the programs of PostgreSQL's image. */
const NEEDS_PG_DUMP = /^DATABASE_URL="\$DATABASE_URL" infrastructure\/scripts\/backup\.sh /;

const tools = has('jq', 'the commands of docs/operations.md') && has('psql', 'the commands of docs/operations.md');

describe('docs/operations.md', () => {
  it('has a chapter for everything that is asked of it', () => {
    const text = readText('docs/operations.md');
    for (const heading of [
      'View logs',
      'Check health',
      'Analyse metrics',
      'Test alerts',
      'Troubleshooting',
      'Maintenance',
      'Environment',
    ])
      expect(text).toContain(`\n## ${heading}\n`);
    for (const heading of ['No logs', 'Health fails', 'Alerts do not arrive', 'Logs missing in Kibana'])
      expect(text).toContain(`\n### ${heading}\n`);
    expect(HERE.length).toBeGreaterThan(10);
  });

  it('marks each block as what it needs', () => {
    expect([...new Set(BLOCKS.map(({ kind }) => kind))].sort()).toEqual(['', 'addresses', 'compose', 'elastic']);
  });

  it('has a script for every command that is not run here', () => {
    const drill = (script: string) => readText(`infrastructure/scripts/${script}.sh`);
    expect(drill('test-images')).toContain("run_commands docs/operations.md 'sh compose'");
    expect(drill('test-profiles')).toContain("run_commands docs/operations.md 'sh elastic'");
    expect(HERE.flatMap(({ commands }) => commands.filter((line) => NEEDS_PG_DUMP.test(line)))).toHaveLength(1);
    expect(drill('test-images')).toContain('in_client nps /infrastructure/scripts/backup.sh /saved');
  });

  it('has every address that the alerts of Prometheus point to', () => {
    const titles = [...readText('docs/operations.md').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
    const anchors = new Set(titles.map((title) => title.toLowerCase().replaceAll(' ', '-')));
    const links = [...readText('infrastructure/prometheus/rules/alerts.yml').matchAll(/operations\.md#(\S+)/g)].map(
      ([, anchor = '']) => anchor,
    );
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([]);
  });
});

(tools ? describe : describe.skip)('the commands of docs/operations.md', () => {
  let stack: Stack;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    stack = await startStack();
    environment = {
      ...process.env,
      ORACLE: stack.oracleUrl,
      ALERTER: stack.alerterUrl,
      DASHBOARD: stack.dashboardUrl,
      LOG_DIR: stack.logDirectory,
      DATABASE_URL: stack.databaseUrl,
    };
    const reading = (body: object) =>
      fetch(`${stack.oracleApiUrl}/api/oracle/reading`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const good = await reading({ user_id: '42', name: 'Ada Lovelace', birth_date: '1815-12-10' });
    expect(good.status).toBe(200);
    await reading({ user_id: '42' });
    await waitFor(async () => (await fetch(`${stack.alerterUrl}/ready`)).ok);
    await waitFor(async () => (await fetch(`${stack.dashboardUrl}/readyz`)).ok);
  });
  afterAll(async () => stack?.stop());

  const commands = HERE.flatMap(({ heading, commands: lines }) =>
    [lines.filter((line) => !NEEDS_PG_DUMP.test(line)).join('\n')].map((script) => [heading, script] as const),
  );

  it.each(commands)('%s: run as they stand: %s', (_heading, script) => {
    // The log file behind `backups` is made by the command before, which other drills run.
    const prepared = `mkdir -p "$LOG_DIR/backups"\n${script}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', prepared], {
      cwd: ROOT,
      env: environment,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect({ status, stderr, stdout: stdout.slice(0, 2000) }).toMatchObject({ status: 0 });
    expect(stdout).not.toMatch(/jq: error|parse error/);
  });
});
