import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import { alertmanagerNotifier, createSystemClock } from '../../src/index.js';
import { createWorld } from '../engine/fake-world.js';
import { recovery, sampleNotice } from './sample-notice.js';

/** Debian's package prometheus-alertmanager; without it there is nothing to show. */
const SERVER = '/usr/bin/prometheus-alertmanager';
const TOOL = '/usr/bin/amtool';
const isInstalled = existsSync(SERVER) && existsSync(TOOL);
const describeWithServer = isInstalled ? describe : describe.skip;
if (!isInstalled)
  process.stderr.write(
    'SKIPPED: nothing is shown of a real Alertmanager, because /usr/bin/prometheus-alertmanager and amtool are missing: apt-get install prometheus-alertmanager\n',
  );

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describeWithServer('a real Alertmanager', () => {
  let child: ChildProcess;
  let folder: string;
  let url: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
    writeFileSync(join(folder, 'config.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n');
    url = `http://127.0.0.1:${await freePort()}`;
    const options = [
      `--config.file=${folder}/config.yml`,
      `--storage.path=${folder}`,
      `--web.listen-address=${url.slice(7)}`,
      '--cluster.listen-address=',
    ];
    child = spawn(SERVER, options, { stdio: 'ignore' });
    await waitFor(async () => (await fetch(`${url}/-/ready`).catch(() => null))?.ok === true, { timeoutMs: 20_000 });
  }, 30_000);
  afterAll(async () => {
    child.kill('SIGKILL');
    await waitFor(() => child.exitCode !== null || child.signalCode !== null, { timeoutMs: 5000 });
    rmSync(folder, { recursive: true, force: true });
  });

  const amtool = (...words: readonly string[]): readonly unknown[] =>
    JSON.parse(
      execFileSync(TOOL, ['--alertmanager.url', url, ...words, '-o', 'json'], { encoding: 'utf8' }),
    ) as readonly unknown[];
  const shown = (): readonly {
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  }[] => amtool('alert', 'query') as [];
  const silences = (): readonly {
    readonly comment: string;
    readonly createdBy: string;
    readonly endsAt: string;
    readonly matchers: readonly { readonly name: string; readonly value: string }[];
  }[] => amtool('silence', 'query') as [];

  it('takes an alert, shows it by amtool, and lets it go by its recovery', async () => {
    const notifier = alertmanagerNotifier.configure({ url });
    const startedAt = Date.now() - 60_000;
    const labels = { job: 'nightly "x"' };
    expect(await notifier.send(sampleNotice({ startedAt, labels }), AbortSignal.timeout(5000))).toMatchObject({
      result: 'delivered',
    });
    await waitFor(() => shown().length === 1, { timeoutMs: 10_000 });
    expect(shown()[0]?.labels).toEqual({
      alertname: 'down',
      severity: 'critical',
      service: 'oracle',
      job: 'nightly "x"',
    });
    expect(shown()[0]?.annotations['summary']).toContain('Oracle service is DOWN!');
    expect(
      await notifier.send({ ...recovery(), startedAt, labels, endedAt: Date.now() - 1000 }, AbortSignal.timeout(5000)),
    ).toMatchObject({ result: 'delivered' });
    await waitFor(() => shown().length === 0, { timeoutMs: 10_000 });
  }, 40_000);

  it('takes over our silences, shows them by amtool, and lets them go with ours', async () => {
    const notifier = alertmanagerNotifier.configure({ url });
    const world = createWorld({}, { notifiers: { alertmanager: notifier }, clock: createSystemClock() });
    await world.engine.start();
    try {
      const { engine } = world;
      const matcher = { service: 'oracle', rule: 'down' };
      const silence = await engine.silence({ matcher, durationMs: 600_000, createdBy: 'ann', comment: 'new disk' });
      await engine.silence({ id: 'all', matcher: {}, durationMs: 600_000, createdBy: 'ann' });
      await waitFor(() => silences().length === 2, { timeoutMs: 15_000 });
      const shownSilence = silences().find(({ comment }) => comment.includes('new disk'));
      expect(shownSilence).toMatchObject({ createdBy: 'ann', endsAt: new Date(silence.endsAt).toISOString() });
      expect(shownSilence?.matchers.map(({ name, value }) => [name, value])).toEqual([
        ['service', 'oracle'],
        ['alertname', 'down'],
      ]);
      const notice = sampleNotice({ startedAt: Date.now() });
      await notifier.send(notice, AbortSignal.timeout(5000));
      await waitFor(() => amtool('alert', 'query', '--silenced').length === 1, { timeoutMs: 10_000 });
      // Another replica that takes over hands the same silence in again: it stays one.
      const longer = { ...silence, endsAt: silence.endsAt + 60_000 };
      const again = await alertmanagerNotifier.configure({ url }).silence?.(longer, AbortSignal.timeout(5000));
      expect(again).toEqual({ result: 'delivered' });
      expect(silences()).toHaveLength(2);
      await engine.unsilence(silence.id);
      await waitFor(() => silences().length === 1, { timeoutMs: 15_000 });
      expect(silences()[0]?.comment).toBe('[nps all]');
    } finally {
      await world.engine.stop();
    }
  }, 60_000);

  it('takes any text in labels and services', async () => {
    const notifier = alertmanagerNotifier.configure({ url });
    for (const hostile of ['', '__proto__', '<b>&"\\', '北京 🚀', 'x'.repeat(5000), 'a\u0000b\ud800']) {
      const notice = sampleNotice({ services: [hostile], labels: { job: hostile }, startedAt: Date.now() });
      expect(await notifier.send(notice, AbortSignal.timeout(5000))).toMatchObject({ result: 'delivered' });
    }
  }, 40_000);
});
