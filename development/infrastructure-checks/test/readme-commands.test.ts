import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTelegramPeer, type TelegramPeer, waitFor } from '@nps/testing';
import { has, listFiles, ROOT, readText, run } from './repository.js';
import { type Stack, startStack } from './stack.js';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/scale.md',
  'infrastructure/README.md',
  ...listFiles('packages', /^packages\/[^/]+\/README\.md$/),
  ...listFiles('apps', /^apps\/[^/]+\/README\.md$/),
];

interface Command {
  readonly page: string;
  readonly text: string;
}

const STARTS_WITH_PROGRAM =
  /^(?:[A-Z_]+=\S* )*(?:npm|npx|node|curl|docker|docker-compose|kubectl|cp|psql|infrastructure\/\S+) /;

/** Lines of shell blocks, and indented lines that begin with a program; without the remark at their end. */
function commandsOf(page: string): readonly Command[] {
  const commands: string[] = [];
  let fence: string | null = null;
  for (const line of readText(page)
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')) {
    if (line.startsWith('```')) fence = fence === null ? line.slice(3) : null;
    else if (fence === 'sh') commands.push(line);
    else if (fence === null && line.startsWith('    ') && STARTS_WITH_PROGRAM.test(`${line.trim()} `))
      commands.push(line.trim());
  }
  return commands.map((text) => ({ page, text: text.replace(/ +# .*$/, '').trim() }));
}

const COMMANDS = PAGES.flatMap(commandsOf);

/** Commands that another script runs: which, and the words in it that do. What is in no list here fails. */
const ELSEWHERE: readonly (readonly [command: RegExp, script: string, words: string])[] = [
  [/^README\.md: npm start$/, 'development/e2e/test/stack.ts', "['development/launcher/dist/main.js', ...argv]"],
  [/^README\.md: npm test$/, '.ci/run', '\nnpm test\n'],
  [/^packages\/\S+: npm install @nps\/[a-z-]+$/, 'infrastructure/scripts/test-tarballs.sh', 'npm install --no-save'],
  [/^apps\/alerter\S+: npm run build$/, 'development/checks/src/run-checks.mjs', 'build'],
  [
    /^infrastructure\/README\.md: (cp \.env|HEALTH_TIMEOUT|infrastructure\/scripts)/,
    'infrastructure/scripts/test-overlays.sh',
    'run_commands infrastructure/README.md sh "$copy"',
  ],
];
const named = ({ page, text }: Command) => `${page}: ${text}`;
const elsewhere = (command: Command) => ELSEWHERE.find(([pattern]) => pattern.test(named(command)));
const HERE = COMMANDS.filter((command) => elsewhere(command) === undefined);
const IN_CLUSTER = HERE.filter(({ text }) => text.startsWith('kubectl'));
const IN_APPS = HERE.filter((command) => !IN_CLUSTER.includes(command));

describe('the commands of the READMEs', () => {
  it('are found', () => {
    expect(COMMANDS.length).toBeGreaterThan(25);
    expect(COMMANDS.map(named)).toContain('apps/alerter/README.md: node dist/main.js --check-config');
    // The rest runs below: against the apps, or as a cluster would read it.
    expect(IN_APPS.filter(({ page }) => !page.startsWith('apps/'))).toEqual([]);
  });

  it.each(ELSEWHERE)('that match %s are run by %s', (pattern, script, words) => {
    expect(COMMANDS.filter((command) => pattern.test(named(command))).length).toBeGreaterThan(0);
    expect(readText(script)).toContain(words);
  });

  it('name no script that no package.json has', () => {
    const manifests = ['package.json', ...listFiles('packages', /^packages\/[^/]+\/package\.json$/)]
      .concat(listFiles('apps', /^apps\/[^/]+\/package\.json$/))
      .map((path) => [dirname(path), JSON.parse(readText(path)) as { scripts?: Record<string, string> }] as const);
    const scripts = new Map(manifests.map(([folder, { scripts: own = {} }]) => [folder, Object.keys(own)]));
    const unknown = PAGES.flatMap((page) =>
      [...readText(page).matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].flatMap(([, name = '']) => {
        // A page of the root speaks of any folder; another one names the folder it speaks of.
        const folders = [...scripts.keys()].filter(
          (folder) => folder === dirname(page) || dirname(page) === '.' || readText(page).includes(folder),
        );
        return folders.concat('.').some((folder) => scripts.get(folder)?.includes(name)) ? [] : [`${page}: ${name}`];
      }),
    );
    expect(unknown).toEqual([]);
  });
});

const kubectl = has('kubectl', 'the cluster commands of the READMEs');
(kubectl ? it : it.skip).each(IN_CLUSTER.map(named))('a client of Kubernetes takes %s', (command) => {
  const words = command
    .slice(command.indexOf(': ') + 2)
    .replace(/^kubectl /, '')
    .replaceAll('…', 'x')
    .split(' ');
  const [verb = ''] = words;
  // No cluster here: what the client makes of it, and what it would send.
  const dry = verb === 'apply' ? ['kustomize', words.at(-1) ?? ''] : [...words, '--dry-run=client', '--output=json'];
  const { status, output } = run('kubectl', dry);
  expect({ status, output: output.slice(0, 500) }).toMatchObject({ status: 0 });
});

(kubectl ? it : it.skip)('the secret made by the README has every key that the deployments take from it', () => {
  const made = new Set(
    IN_CLUSTER.flatMap(({ text }) => [...text.matchAll(/--from-literal=(\w+)=/g)].map(([, key]) => key)),
  );
  const { output } = run('kubectl', ['kustomize', 'infrastructure/kubernetes/overlays/production']);
  const taken = [...output.matchAll(/secretKeyRef:\n((?: {14,}\S.*\n)+)/g)]
    .filter(([, block = '']) => block.includes('name: nps-monitoring') && !block.includes('optional: true'))
    .map(([, block = '']) => /key: (\w+)/.exec(block)?.[1]);
  expect(taken.length).toBeGreaterThan(0);
  expect([...new Set(taken)].filter((key) => !made.has(key))).toEqual([]);
});

/** The form of a bot token, and nobody's. */
const TELEGRAM_TOKEN = `${'1'.repeat(9)}:${'t'.repeat(35)}`;
const DASHBOARD_TOKEN = 'd'.repeat(24);

describe('the commands of the READMEs of the apps', () => {
  let telegram: TelegramPeer;
  let stack: Stack;
  let folder: string;

  beforeAll(async () => {
    telegram = await startTelegramPeer({ token: TELEGRAM_TOKEN });
    stack = await startStack({ dashboard: { DASHBOARD_TOKEN, DASHBOARD_ALLOW_ANONYMOUS: 'on' } });
    folder = mkdtempSync(join(tmpdir(), 'readme-'));
    writeFileSync(
      join(folder, 'watch.yaml'),
      `targets: [{ name: oracle, displayName: Oracle, kind: service, url: '${stack.oracleUrl}' }]\n`,
    );
    await waitFor(async () => (await fetch(`${stack.alerterUrl}/ready`)).ok);
  });
  afterAll(async () => {
    await stack?.stop();
    await telegram?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The reader's addresses in the places of the README's. */
  const adapted = (text: string) =>
    text
      .replace('npm run build && ', '') // ran before these tests
      .replace('postgres://…', stack.databaseUrl)
      .replace('NPS_CONFIG=watch.yaml', `NPS_CONFIG=${join(folder, 'watch.yaml')}`)
      .replace('localhost:9090', new URL(stack.oracleUrl).host)
      .replace('localhost:8000', new URL(stack.oracleApiUrl).host)
      .replace('http://127.0.0.1:9000', stack.dashboardUrl);

  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    DATABASE_URL: stack.databaseUrl,
    ORACLE_HTTP_URL: stack.oracleUrl,
    ORACLE_API_URL: stack.oracleApiUrl,
    ORACLE_GRPC_ADDRESS: stack.oracleGrpcAddress,
    NPS_BOT_TOKEN: TELEGRAM_TOKEN,
    NPS_CHAT_ID: '1',
    TELEGRAM_API_URL: telegram.url,
    DASHBOARD_TOKEN,
    LOG_DIR: folder,
    ...Object.fromEntries(
      ['ALERTER_PORT', 'DASHBOARD_PORT', 'ORACLE_HTTP_PORT', 'ORACLE_API_PORT', 'ORACLE_GRPC_PORT'].map((name) => [
        name,
        '0',
      ]),
    ),
  });

  const setFault = (fault: 'down' | 'none') =>
    fetch(`${stack.oracleUrl}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ fault }),
    });
  const isOpen = async () =>
    (await (await fetch(`${stack.dashboardUrl}/api/alerts`)).text()).includes('"phase":"firing"');

  it.each(IN_APPS.map((command) => [dirname(command.page), command.text] as const))('%s: %s', async (app, text) => {
    const needsAlert = text.includes(' ack ');
    // npm ends by the signal itself, and what it started in order.
    const end = text.includes('npm start') ? 'SIGTERM' : 0;
    if (needsAlert) {
      await setFault('down');
      await waitFor(isOpen, { timeoutMs: 30_000 });
    }
    const outcome = await runToItsEnd(adapted(text), join(ROOT, app), environment());
    if (needsAlert) await setFault('none');
    expect(outcome).toMatchObject({ end });
    expect(outcome.output).not.toMatch(/"(title|error|problem)":/);
  });
});

interface Ended {
  /** Exit code, or the signal it ended by. */
  readonly end: number | NodeJS.Signals | null;
  readonly output: string;
  readonly complaints: string;
}

/** Waits for its end; a program that stays is told to stop once it listens, and must end in order. */
function runToItsEnd(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd, env, detached: true });
    let [output, complaints, stopped] = ['', '', false];
    const tell = (signal: NodeJS.Signals) => process.kill(-(child.pid ?? 0), signal);
    const killer = setTimeout(() => tell('SIGKILL'), 40_000);
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (stopped || !/"(listening|load begins)"/.test(output)) return;
      stopped = true;
      tell('SIGTERM');
    });
    child.once('close', (code, signal) => {
      clearTimeout(killer);
      resolve({ end: code ?? signal, output, complaints });
    });
  });
}
