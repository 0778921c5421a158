import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import {
  createTestDatabase,
  launchBrowser,
  startPostgres,
  startTelegramPeer,
  type TelegramPeer,
  waitFor,
} from '../src/index.js';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('test databases', () => {
  it('gives every caller an empty database of its own and removes it', async () => {
    const [one, two] = [await createTestDatabase(), await createTestDatabase()];
    const client = new Client({ connectionString: one.connectionString });
    client.on('error', () => undefined); // drop() ends it by force
    await client.connect();
    await client.query('create table only_here (n int)');
    const other = new Client({ connectionString: two.connectionString });
    await other.connect();
    const { rows } = await other.query("select to_regclass('only_here') as found");
    await other.end();
    expect(rows).toEqual([{ found: null }]);
    await one.drop();
    await two.drop();
    await expect(new Client({ connectionString: one.connectionString }).connect()).rejects.toThrow('does not exist');
  });

  it("starts a server of a test's own on a directory it keeps until removed", async () => {
    const first = await startPostgres();
    await first.stop();
    const again = await startPostgres(first.directory);
    expect(existsSync(first.directory)).toBe(true);
    await again.remove();
    expect(existsSync(first.directory)).toBe(false);
  });

  it('leaves no server behind when the test run is killed', async () => {
    const script = `import { startPostgres } from '${new URL('../dist/index.js', import.meta.url).href}';
      const { pid, directory } = await startPostgres(); console.log(JSON.stringify({ pid, directory })); setInterval(() => 0, 1000);`;
    const run = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed] = (await once(run.stdout, 'data')) as [Buffer];
    const { pid, directory } = JSON.parse(printed.toString()) as { pid: number; directory: string };
    run.kill('SIGKILL');
    await waitFor(() => !existsSync(join(directory, 'cluster/postmaster.pid')) || !isAlive(pid), {
      what: 'the server to end',
    });
    rmSync(directory, { recursive: true, force: true });
  });

  it('says which setup is missing', async () => {
    const before = process.env['TEST_DATABASE_URL'];
    delete process.env['TEST_DATABASE_URL'];
    await expect(createTestDatabase()).rejects.toThrow('globalSetup');
    process.env['TEST_DATABASE_URL'] = before;
  });
});

describe('the Telegram-shaped peer', () => {
  const token = '1000:made-up';
  let peer: TelegramPeer;
  const post = async (method: string, body: unknown, as = token): Promise<{ status: number; body: unknown }> => {
    const res = await fetch(`${peer.url}/bot${as}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: res.status, body: await res.json() };
  };

  beforeAll(async () => {
    peer = await startTelegramPeer({ token });
  });
  afterAll(() => peer.stop());

  it('accepts a message and remembers it', async () => {
    expect(await post('sendMessage', { chat_id: 5, text: 'hello' })).toMatchObject({ status: 200, body: { ok: true } });
    expect(peer.messages.at(-1)).toMatchObject({ chatId: '5', text: 'hello' });
    expect(await post('getMe', {})).toMatchObject({ body: { result: { is_bot: true } } });
  });

  it('reads a form as Telegram does', async () => {
    const body = new URLSearchParams({ chat_id: '6', text: 'form' });
    await fetch(`${peer.url}/bot${token}/sendMessage`, { method: 'POST', body });
    expect(peer.messages.at(-1)).toMatchObject({ chatId: '6', text: 'form' });
  });

  it('refuses a wrong token, an unknown method, an empty text and a missing chat', async () => {
    expect((await post('sendMessage', { chat_id: 1, text: 'x' }, '1:no')).status).toBe(401);
    expect((await post('nothing', {})).status).toBe(404);
    expect((await post('sendMessage', { chat_id: 1, text: '' })).status).toBe(400);
    expect((await post('sendMessage', { text: 'x' })).status).toBe(400);
    expect((await fetch(`${peer.url}/bot${token}/sendMessage`, { method: 'POST', body: '{' })).status).toBe(500);
  });

  it('answers faults as often as it was told', async () => {
    peer.fail({ status: 429, description: 'Too Many Requests', retryAfterSeconds: 7, times: 2 });
    const refused = { status: 429, body: { parameters: { retry_after: 7 } } };
    expect(await post('sendMessage', { chat_id: 1, text: 'x' })).toMatchObject(refused);
    expect(await post('sendMessage', { chat_id: 1, text: 'x' })).toMatchObject(refused);
    expect((await post('sendMessage', { chat_id: 1, text: 'x' })).status).toBe(200);
  });
});

it('waits for a value, and says what it saw when none comes', async () => {
  let calls = 0;
  expect(await waitFor(() => ++calls === 3 && calls)).toBe(3);
  const never = waitFor(() => Promise.reject(new Error('still closed')), { timeoutMs: 30, what: 'the door' });
  await expect(never).rejects.toThrow(/30 ms for the door.*still closed/);
});

it('opens a page in a real Chromium that finds its letters', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent('<h1>It runs</h1>');
    expect(await page.textContent('h1')).toBe('It runs');
    const [narrow = 0, wide = 0] = await page.evaluate<number[]>(
      `['il', 'MW'].map((letters) => document.createElement('canvas').getContext('2d').measureText(letters).width)`,
    );
    expect(narrow).toBeGreaterThan(0);
    expect(wide).toBeGreaterThan(narrow);
  } finally {
    await browser.close();
  }
}, 60_000);

it('names the browser that CHROMIUM points at when it cannot be started', async () => {
  process.env['CHROMIUM'] = '/nowhere/chromium';
  await expect(launchBrowser()).rejects.toThrow('/nowhere/chromium');
  delete process.env['CHROMIUM'];
});
