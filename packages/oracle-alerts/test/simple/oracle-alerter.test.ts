import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTelegramPeer, type TelegramPeer, waitFor } from '@nps/testing';
import {
  alertApiError,
  alertDatabaseError,
  alertDiskSpaceLow,
  alertJobFailed,
  alertMemoryHigh,
  type Clock,
  checkSystemResources,
  createOracleAlerter,
  createSystemClock,
} from '../../src/index.js';

const TOKEN = `${'1'.repeat(9)}:${'t'.repeat(35)}`;

describe('the simple alerter', () => {
  let peer: TelegramPeer;
  let skippedMs = 0;
  const system = createSystemClock();
  /** The machine's clock, which can be set forward; waits are cut to 1 %. */
  const clock: Clock = {
    ...system,
    monotonicMs: () => system.monotonicMs() + skippedMs,
    setTimer: (ms, fn) => system.setTimer(ms > 5000 ? ms : ms / 100, fn),
  };
  const create = (more = {}) =>
    createOracleAlerter({ botToken: TOKEN, chatId: '42', baseUrl: peer.url, ...more }, { clock });
  beforeEach(async () => {
    peer = await startTelegramPeer({ token: TOKEN });
    skippedMs = 0;
  });
  afterEach(() => peer.stop());

  it('sends one message and says so', async () => {
    expect(await create().sendAlert('critical', 'Oracle service is DOWN! Error: x\nwhat <b>fails</b>')).toBe(true);
    expect(peer.messages).toHaveLength(1);
    expect(peer.messages[0]?.text).toMatch(
      /^<b>🚨 CRITICAL: Oracle service is DOWN! Error: x<\/b>\nComponent: oracle\nTime: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\nwhat &lt;b&gt;fails&lt;\/b&gt;$/,
    );
  });

  it('holds the same key for the cooldown and no other, even when both are asked for at once', async () => {
    const alerter = create({ cooldownSeconds: 60 });
    const both = await Promise.all([alerter.sendAlert('error', 'a', 'k'), alerter.sendAlert('error', 'b', 'k')]);
    expect(both).toEqual([true, false]);
    expect(await alerter.sendAlert('error', 'c', 'other')).toBe(true);
    skippedMs = 60_001;
    expect(await alerter.sendAlert('error', 'd', 'k')).toBe(true);
    expect(peer.messages).toHaveLength(3);
  });

  it('tries again after faults that pass, and is refused by those that stay, without a cooldown', async () => {
    peer.fail({ status: 500, description: 'oops', times: 1 });
    peer.fail({ status: 429, description: 'slow down', retryAfterSeconds: 1, times: 1 });
    expect(await create().sendAlert('warning', 'x')).toBe(true);
    peer.fail({ status: 401, description: 'Unauthorized' });
    const alerter = create();
    expect(await alerter.sendAlert('warning', 'y')).toBe(false);
    expect(await alerter.sendAlert('warning', 'y')).toBe(true);
    peer.fail({ status: 503, description: 'away', times: 3 });
    expect(await create().sendAlert('info', 'z')).toBe(false);
  });

  it('takes severities as people write them; one that is none costs no alert, and is reported', async () => {
    const reported: string[] = [];
    const onError = (error: unknown) => reported.push((error as Error).message);
    const alerter = createOracleAlerter({ botToken: TOKEN, chatId: '42', baseUrl: peer.url }, { clock, onError });
    for (const word of ['CRITICAL', 'warn', 'Fatal', '__proto__', 7, undefined])
      expect(await alerter.sendAlert(word as 'error', `said ${String(word)}`)).toBe(true);
    const titles = peer.messages.map(({ text }) => text.split('\n')[0]?.replace(/<\/?b>/g, ''));
    expect(titles).toEqual([
      '🚨 CRITICAL: said CRITICAL',
      '⚠️ WARNING: said warn',
      '🚨 CRITICAL: said Fatal',
      '❌ ERROR: said __proto__',
      '❌ ERROR: said 7',
      '❌ ERROR: said undefined',
    ]);
    expect(reported).toEqual([
      'severity: expected critical, error, warning, info, got "__proto__"; the alert was sent as an error. Correct the call.',
      expect.stringContaining('got number'),
      expect.stringContaining('got undefined'),
    ]);
  });

  it('makes a readable message of whatever it is given', async () => {
    const alerter = create();
    const broken = {
      toJSON: () =>
        (() => {
          throw new Error('no');
        })(),
    };
    const given: readonly unknown[] = [null, 42, { code: 'E1' }, new Error('boom'), broken, Symbol('s')];
    for (const [index, text] of given.entries())
      expect(await alerter.sendAlert('error', text as string, index % 2 === 0 ? (index as never) : 'key')).toBe(
        index !== 3 && index !== 5,
      );
    await alertDiskSpaceLow(alerter, 93);
    await alertMemoryHigh(alerter, Number.NaN);
    await alertJobFailed(alerter, undefined as never, { code: 'E2' });
    const titles = peer.messages.map(({ text }) =>
      text
        .split('\n')[0]
        ?.replace(/<\/?b>/g, '')
        .replaceAll('&quot;', '"'),
    );
    expect(titles).toEqual([
      '❌ ERROR: no details given',
      '❌ ERROR: 42',
      '❌ ERROR: {"code":"E1"}',
      '❌ ERROR: details that cannot be read',
      '⚠️ WARNING: Disk space low on /: 93% used',
      '⚠️ WARNING: Memory high: an unknown share used',
      '❌ ERROR: Job no details given failed! Error: {"code":"E2"}',
    ]);
  });

  it('does not keep its caller for a channel that asks for ten minutes of patience', async () => {
    peer.fail({ status: 429, description: 'slow down', retryAfterSeconds: 600, times: 1 });
    const alerter = create();
    expect(await alerter.sendAlert('error', 'x')).toBe(false);
    expect(await alerter.sendAlert('error', 'x')).toBe(true);
  });

  it('keeps the process alive while it waits, unlike the clock of the engine', () => {
    for (const keepsAlive of [true, false]) {
      const waiting = createSystemClock({ keepsAlive });
      const timer = waiting.setTimer(60_000, () => undefined);
      expect((timer as NodeJS.Timeout).hasRef()).toBe(keepsAlive);
      waiting.clearTimer(timer);
    }
  });

  it.each([
    { cooldownSeconds: Number.NaN },
    { cooldownSeconds: -1 },
    { checkIntervalSeconds: 0 },
    { checkIntervalSeconds: '5' },
  ])('is not built for %j', (options) => {
    expect(() => create(options)).toThrow(/Seconds: expected a number of seconds, at least [01], got/);
  });

  it('is not built for nothing', () => {
    expect(() => createOracleAlerter(undefined as never)).toThrow(/channel of kind telegram: token/);
  });

  it('is not built for a token that cannot be one', () => {
    expect(() => create({ botToken: 'not a token' })).toThrow(/channel of kind telegram: token/);
  });

  it('has a line for each thing that a service wants to be told about', async () => {
    const alerter = create();
    await alertJobFailed(alerter, 'nightly', new Error('disk gone'));
    await alertJobFailed(alerter, 'weekly', 'text', 3);
    await alertApiError(alerter, 'anthropic', new Error('529'), '/v1/messages');
    await alertApiError(alerter, 'stripe', 'no');
    await alertDiskSpaceLow(alerter, 0.934, '/data');
    await alertMemoryHigh(alerter, 0.95);
    await alertDatabaseError(alerter, new Error('connection lost'));
    expect(peer.messages.map((message) => message.text.split('\n')[0]?.replace(/<\/?b>/g, ''))).toEqual([
      '❌ ERROR: Job nightly failed! Error: disk gone',
      '❌ ERROR: Job weekly failed 3 times in a row! Error: text',
      '❌ ERROR: API anthropic /v1/messages failed! Error: 529',
      '❌ ERROR: API stripe failed! Error: no',
      '⚠️ WARNING: Disk space low on /data: 93.4% used',
      '⚠️ WARNING: Memory high: 95% used',
      '🚨 CRITICAL: Database error! Error: connection lost',
    ]);
    expect(await alertJobFailed(alerter, 'nightly', 'again')).toBe(false);
  });

  it('looks at the real disk and memory, and alerts beyond a limit only', async () => {
    const alerter = create();
    const resources = await checkSystemResources(alerter, { diskRatio: 1, memoryRatio: 1 });
    expect(resources.diskUsedRatio).toBeGreaterThan(0);
    expect(resources.memoryUsedRatio).toBeGreaterThan(0);
    expect(peer.messages).toHaveLength(0);
    await alerter.checkSystemResources({ diskRatio: 0, memoryRatio: 0 });
    expect(peer.messages).toHaveLength(2);
  });

  it('looks again and again until it is stopped', async () => {
    const alerter = create({ checkIntervalSeconds: 1, cooldownSeconds: 0 });
    alerter.start({ diskRatio: 0, memoryRatio: 1 });
    alerter.start();
    await waitFor(() => peer.messages.length >= 2, { timeoutMs: 5000 });
    alerter.stop();
    alerter.stop();
  });

  it('reports a look that fails', async () => {
    const faults: unknown[] = [];
    const alerter = createOracleAlerter(
      { botToken: TOKEN, chatId: '1', baseUrl: peer.url, checkIntervalSeconds: 1 },
      { clock, onError: (error) => void faults.push(error) },
    );
    alerter.start({ path: '/does/not/exist' });
    await waitFor(() => faults.length > 0, { timeoutMs: 5000 });
    alerter.stop();
    expect(String(faults[0])).toContain('ENOENT');
  });
});
