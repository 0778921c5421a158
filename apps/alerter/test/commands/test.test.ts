import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSystemClock } from '@nps/oracle-alerts';
import { redact } from '@nps/oracle-logger';
import { createTestDatabase, startTelegramPeer, type TelegramPeer } from '@nps/testing';
import { type DrillReport, drillReport, runDrill } from '../../src/commands/test.js';
import { readStartup } from '../../src/startup.js';

const TOKEN = `${1_000_000 + randomBytes(3).readUIntBE(0, 3)}:${randomBytes(18).toString('hex')}`;
let peer: TelegramPeer;

beforeEach(async () => {
  peer = await startTelegramPeer({ token: TOKEN });
});
afterEach(() => peer.stop());

function drill(change: Record<string, string> = {}): Promise<DrillReport> {
  const startup = readStartup(
    ['--test'],
    { NPS_BOT_TOKEN: TOKEN, NPS_CHAT_ID: '42', TELEGRAM_API_URL: peer.url, ...change },
    () => '',
  );
  if (!('settings' in startup)) throw new Error(JSON.stringify(startup));
  return runDrill(startup.config, startup.settings, { clock: createSystemClock(), redact });
}

describe('the fire drill', () => {
  it('goes through the outbox in PostgreSQL and leaves no work behind', async () => {
    const database = await createTestDatabase();
    const { lines, exitCode } = await drill({ DATABASE_URL: database.connectionString });
    expect(lines).toEqual([
      'outbox: PostgreSQL',
      expect.stringMatching(/^telegram +\d+ ms {2}delivered, message id 1$/),
      'every channel took the test notice',
    ]);
    expect(exitCode).toBe(0);
    expect(peer.messages).toHaveLength(1);
    await database.drop();
  }, 30_000);

  it('works without a database, and with one that is away', async () => {
    expect((await drill()).lines[0]).toBe('outbox: in memory, since DATABASE_URL is not set');
    const away = await drill({ DATABASE_URL: 'postgres://127.0.0.1:1/nps' });
    expect(away.lines[0]).toBe('outbox: in memory, since the database is away');
    expect(away.exitCode).toBe(0);
  }, 30_000);

  it('fails with the channel’s reason, never with its token', async () => {
    peer.fail({ status: 401, description: 'Unauthorized', times: 5 });
    const { lines, exitCode } = await drill();
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(/FAILED: .*Unauthorized/);
    expect(lines.join('\n')).not.toContain(TOKEN);
  }, 30_000);

  it('fails when there is no channel', async () => {
    expect(await drill({ NPS_BOT_TOKEN: '', NPS_CHAT_ID: '' })).toEqual({
      lines: [expect.stringContaining('nobody would be told')],
      exitCode: 1,
    });
  });

  it('counts what failed', () => {
    const { lines } = drillReport([
      { channel: 'telegram', result: 'delivered', latencyMs: 12.4 },
      { channel: 'slack', result: 'failed', latencyMs: 45_000 },
    ]);
    expect(lines).toEqual([
      'telegram           12 ms  delivered, the channel gives no message id',
      'slack           45000 ms  FAILED: no answer in time',
      'FAILED: 1 of 2 channels did not take the test notice',
    ]);
  });
});
