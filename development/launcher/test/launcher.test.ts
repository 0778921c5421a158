import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, waitFor } from '@nps/testing';
import { readConfig } from '../src/config.js';
import { createLauncher, type Launcher } from '../src/launcher.js';
import { isRunning } from '../src/processes.js';
import { readRunState, storeRunState } from '../src/run-state.js';

/** Apps that do nothing but say they listen, and write down their environment and how they ended. */
const APP = `
const { appendFileSync } = require('node:fs');
const note = (text) => appendFileSync(process.env.NOTES, text + '\\n');
const name = process.cwd().split('/').pop() + (process.argv[1].includes('load') ? '/load' : '');
note('start ' + name + ' oracle=' + process.env.ORACLE_HTTP_URL + ' config=' + process.env.NPS_CONFIG + ' db=' + Boolean(process.env.DATABASE_URL) + ' node=' + process.execArgv);
if (process.env.BROKEN === name) { console.error('bad configuration: try again'); process.exit(1); }
process.on('SIGTERM', () => { note('stop ' + name); process.exit(0); });
console.log(JSON.stringify({ level: 'INFO', message: 'listening', port: 4000, api_port: 4001, sidecar_port: 4002, grpc_port: 4003 }));
console.log(JSON.stringify({ level: 'WARN', message: name + ' warns' }));
setInterval(() => 0, 1000);
`;

describe('one run', () => {
  let root: string;
  let notes: string;
  let shown: string[];
  let launcher: Launcher | undefined;
  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    NOTES: notes,
    ...Object.fromEntries(['API', 'HTTP', 'GRPC'].map((name) => [`ORACLE_${name}_PORT`, '0'])),
    ALERTER_PORT: '0',
    DASHBOARD_PORT: '0',
  });
  const create = (variables: NodeJS.ProcessEnv = {}, argv: string[] = []): Launcher => {
    const config = readConfig(argv, { ...environment(), ...variables }, root);
    launcher = createLauncher(config, { show: (source, text) => shown.push(`${source}: ${text}`) });
    return launcher;
  };
  const noted = (): string[] => readFileSync(notes, 'utf8').trim().split('\n');

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'launcher-'));
    execFileSync('chmod', ['755', root]);
    notes = join(root, 'notes');
    writeFileSync(notes, '');
    shown = [];
    for (const app of ['reference-oracle', 'alerter', 'dashboard']) {
      mkdirSync(join(root, 'apps', app, 'dist'), { recursive: true });
      writeFileSync(join(root, 'apps', app, 'dist/main.js'), APP);
    }
    writeFileSync(join(root, 'apps/reference-oracle/dist/load.js'), APP);
  });
  afterEach(async () => {
    await launcher?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('starts in order on an embedded database, passes addresses on, and stops in the reverse order', async () => {
    const addresses = await create().start();
    expect(addresses).toMatchObject({
      oracleSidecarUrl: 'http://127.0.0.1:4002',
      oracleApiUrl: 'http://127.0.0.1:4001',
      dashboardUrl: 'http://127.0.0.1:4000',
    });
    expect(readRunState(join(root, '.data'))).toMatchObject({ pid: process.pid, sidecarUrl: 'http://127.0.0.1:4002' });
    await waitFor(() => shown.includes('dashboard: dashboard warns'));
    await waitFor(() => noted().length === 4);
    await launcher?.stop();
    const order = noted().map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(order.slice(0, 4).sort()).toEqual([
      'start alerter',
      'start dashboard',
      'start reference-oracle',
      'start reference-oracle/load',
    ]);
    expect(order.slice(4)).toEqual([
      'stop dashboard',
      'stop alerter',
      'stop reference-oracle/load',
      'stop reference-oracle',
    ]);
    expect(noted().find((line) => line.includes('alerter'))).toContain(
      'oracle=http://127.0.0.1:4002 config=undefined db=true node=--max-semi-space-size=8',
    );
    expect(readRunState(join(root, '.data'))).toBeNull();
  }, 60_000);

  it('watches the targets of a file without the demo, on a database of the user', async () => {
    const database = await createTestDatabase();
    writeFileSync(join(root, 'mine.json'), '{}');
    await create({ DATABASE_URL: database.connectionString }, ['--config', join(root, 'mine.json')]).start();
    await waitFor(() => noted().length === 2);
    expect(noted().join()).not.toContain('reference-oracle');
    expect(noted()[0]).toContain(`oracle=undefined config=${join(root, 'mine.json')}`);
    expect(shown[0]).toContain('DATABASE_URL');
    await launcher?.stop();
    await database.drop();
  }, 60_000);

  it('leaves a dead Oracle dead until it is revived, and starts what watches it again by itself', async () => {
    const database = await createTestDatabase();
    await create({ DATABASE_URL: database.connectionString }).start();
    const children: Readonly<Record<string, number>> = readRunState(join(root, '.data'))?.children ?? {};
    process.kill(children['reference-oracle'] as number, 'SIGKILL');
    process.kill(children['alerter'] as number, 'SIGKILL');
    await waitFor(() => shown.some((line) => line.startsWith('reference-oracle: ended (SIGKILL); it stays down')));
    await waitFor(() => noted().filter((line) => line.startsWith('start alerter')).length === 2);
    expect(noted().filter((line) => line.startsWith('start reference-oracle '))).toHaveLength(1);
    launcher?.revive();
    await waitFor(() => noted().filter((line) => line.startsWith('start reference-oracle ')).length === 2);
    await launcher?.stop();
    await database.drop();
  }, 60_000);

  it('says why an app did not start, in its own words, and stops the rest', async () => {
    const database = await createTestDatabase();
    const start = create({ DATABASE_URL: database.connectionString, BROKEN: 'dashboard' }).start();
    await expect(start).rejects.toThrow('dashboard did not start, exit code 1: bad configuration: try again');
    expect(noted()).toContain('stop alerter');
    await database.drop();
  }, 60_000);

  it('names the port that is taken, and the variable that moves it', async () => {
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const { port } = taken.address() as { port: number };
    await expect(create({ DASHBOARD_PORT: String(port) }).start()).rejects.toThrow(
      `Port ${port}, wanted by the dashboard, is in use by another program: stop that program or start with DASHBOARD_PORT`,
    );
    taken.close();
  });

  it('says that a database of the user does not answer, and that a folder cannot be written', async () => {
    const away = create({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }).start();
    await expect(away).rejects.toThrow(/DATABASE_URL does not answer.*embedded/);
    await expect(create({ NPS_DATA_DIR: join(notes, 'below') }).start()).rejects.toThrow(
      /cannot be written.*NPS_DATA_DIR/,
    );
  });

  it('refuses a second run beside a living one, and ends what a killed one left behind', async () => {
    const dataDirectory = join(root, '.data');
    const stand = (marker: string): number =>
      spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)', marker], { stdio: 'ignore' }).pid as number;
    const [living, orphan] = [stand('launcher'), stand('dist/main.js')];
    const state = { startedAt: 'noon', dashboardUrl: 'http://d', sidecarUrl: null, children: { alerter: orphan } };
    storeRunState(dataDirectory, { ...state, pid: living });
    await expect(create({ DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }).start()).rejects.toThrow(
      `already running here (process ${living} since noon, dashboard http://d)`,
    );
    process.kill(living, 'SIGKILL');
    await waitFor(() => !isRunning(living, 'launcher'));
    await expect(create({ DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }).start()).rejects.toThrow('does not answer');
    await waitFor(() => !isRunning(orphan, 'dist/'));
  });
});
