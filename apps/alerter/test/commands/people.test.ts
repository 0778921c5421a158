import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSystemClock } from '@nps/oracle-alerts';
import { redact } from '@nps/oracle-logger';
import { waitFor } from '@nps/testing';
import { answerPeople } from '../../src/commands/people.js';
import { readStartup } from '../../src/startup.js';
import { type AlerterWorld, createAlerterWorld } from '../alerter-world.js';

let world: AlerterWorld;

beforeEach(async () => {
  world = await createAlerterWorld();
});
afterEach(() => world.end());

/** One command as a person types it; its exit code and its lines. */
async function ask(...args: readonly string[]): Promise<{ readonly exitCode: number; readonly text: string }> {
  const startup = readStartup(args, world.environment({ USER: 'ann' }), (path) => readFileSync(path, 'utf8'));
  if (!('request' in startup) || startup.request === undefined) throw new Error(JSON.stringify(startup));
  const { request, config, settings } = startup;
  const { exitCode, lines } = await answerPeople(request, config, settings, { clock: createSystemClock(), redact });
  return { exitCode, text: lines.join('\n') };
}

describe('the commands of people', () => {
  it('show what is open, acknowledge it with who and when, and leave the recovery alone', async () => {
    await world.startHere();
    await waitFor(() => world.target.asked['/health']);
    expect(await ask('alerts')).toEqual({ exitCode: 0, text: 'no alert is open' });
    await world.target.kill();
    await waitFor(() => world.peer.messages.length === 1, { timeoutMs: 30_000 });
    const open = await ask('alerts');
    expect(open.text).toMatch(/^oracle\/down +🚨 CRITICAL: Oracle service is DOWN! .* · since \d{4}-\d\d-\d\d \S+ UTC/);
    const acknowledged = await ask('ack', 'oracle', '--for', '30m');
    expect(acknowledged).toMatchObject({ exitCode: 0 });
    expect(acknowledged.text).toMatch(/^acknowledged by ann \(command line\) until .* UTC: 🚨 CRITICAL/);
    expect((await ask('alerts')).text).toContain('acknowledged by ann (command line) until ');
    await waitFor(
      async () => (await world.query("SELECT 1 FROM alert_events WHERE kind = 'acknowledged'")).length === 1,
      { timeoutMs: 15_000, what: 'the alerter to take the acknowledgement up' },
    );
    await world.target.revive();
    await waitFor(() => world.told(/recovered/) === 1, { timeoutMs: 30_000 });
  }, 90_000);

  it('silence a service until it is unsilenced, and record who did it', async () => {
    await world.startHere();
    await waitFor(() => world.target.asked['/health']);
    const silenced = await ask('silence', 'oracle', '--for', '2h', '--by', 'bob', '--comment', 'new disks');
    expect(silenced.text).toMatch(/^silenced: (\w{8}) oracle until .* UTC, by bob \(command line\): new disks\nend it/);
    const id = /silenced: (\w{8})/.exec(silenced.text)?.[1] ?? '';
    await world.target.kill();
    await waitFor(async () => (await ask('alerts')).text.includes('held: silenced'), { timeoutMs: 30_000 });
    expect(world.peer.messages).toHaveLength(0);
    expect(await ask('unsilence', id)).toEqual({ exitCode: 0, text: `ended the silence ${id}` });
    await waitFor(() => world.told(/is DOWN/) === 1, { timeoutMs: 30_000 });
    expect(await ask('unsilence', id)).toEqual({
      exitCode: 1,
      text: `FAILED: no silence has the id "${id}"\nthere is none`,
    });
  }, 90_000);

  it('say what went wrong: no such alert, a service nobody watches, no database', async () => {
    const { alerter } = await world.startHere();
    await alerter.stop();
    expect(await ask('ack', 'nobody')).toEqual({
      exitCode: 1,
      text: 'FAILED: no firing alert is meant by "nobody"\nno alert is open',
    });
    expect((await ask('silence', 'orcale/down', '--for', '1h')).text).toContain(
      'note: no target of this configuration is called "orcale/down"',
    );
    expect((await ask('silence', 'all', '--for', '1d')).text).toMatch(/^silenced: \w+ everything until /);
    const gone = { ...world.environment(), DATABASE_URL: '' };
    const startup = readStartup(['alerts'], gone, () => '');
    if (!('request' in startup) || startup.request === undefined) throw new Error(JSON.stringify(startup));
    const { lines, exitCode } = await answerPeople(startup.request, startup.config, startup.settings, {
      clock: createSystemClock(),
      redact,
    });
    expect([exitCode, lines]).toEqual([1, ['DATABASE_URL is not set: alerts works on the database of the alerter']]);
    const away = await ask('alerts').then(async () => {
      await world.query('ALTER TABLE alerts RENAME TO other');
      return ask('alerts');
    });
    expect(away).toEqual({ exitCode: 1, text: expect.stringContaining('the database did not take it: ') });
  }, 60_000);
});
