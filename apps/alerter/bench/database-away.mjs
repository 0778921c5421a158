// The PostgreSQL of two alerters is restarted, killed and away for minutes while services fail and recover: every message
// must come in time, none twice.
import { setTimeout as delay } from 'node:timers/promises';
import { startPostgres } from '@nps/testing';
import { startAlerter, startReceiver, startTargets, until, writeConfiguration } from './world.mjs';

const LONGEST_MS = 40_000;
/** Long enough for a second copy to come. */
const AFTER_MS = 20_000;

/** @param awaySeconds how long the database is away in the longest of the three absences */
export async function databaseAway({ awaySeconds }) {
  const told = [];
  const receiver = await startReceiver((service, status) => told.push({ service, status, atMs: performance.now() }));
  const targets = await startTargets(6);
  const configuration = writeConfiguration({
    targets: targets.map(({ target }) => target),
    channels: { receiver: receiver.channel },
  });
  let postgres = await startPostgres();
  const start = () => startAlerter({ NPS_CONFIG: configuration.path, DATABASE_URL: postgres.connectionString() });
  const alerter = start();
  let standby;
  const waits = [];
  const count = (name, status) => told.filter((entry) => entry.service === name && entry.status === status).length;
  const expectTold = async (name, status, change) => {
    const fromMs = performance.now();
    await change();
    await until(() => count(name, status) > 0, LONGEST_MS);
    waits.push((performance.now() - fromMs) / 1000);
  };
  /** One target fails and recovers in the absence; another fails in it and recovers afterwards. */
  const absence = async ([first, second], mode, seconds) => {
    const { directory, port } = postgres;
    await postgres.stop(mode);
    const untilMs = performance.now() + seconds * 1000;
    await expectTold(first.name, 'firing', first.kill);
    if (seconds > 60) await expectTold(first.name, 'resolved', first.revive);
    await expectTold(second.name, 'firing', second.kill);
    await delay(Math.max(0, untilMs - performance.now()));
    postgres = await startPostgres(directory, port);
    await until(() => databaseIsUp(alerter), 60_000, 500);
    if (seconds <= 60) await expectTold(first.name, 'resolved', first.revive);
    await expectTold(second.name, 'resolved', second.revive);
    await delay(AFTER_MS);
  };
  try {
    await alerter.port;
    await until(() => databaseIsUp(alerter), 30_000, 500);
    standby = start();
    await standby.port;
    // Each looks for the other every five seconds.
    await delay(11_000);
    await absence(targets.slice(0, 2), 'fast', 1);
    await absence(targets.slice(2, 4), 'immediate', 1);
    await absence(targets.slice(4, 6), 'immediate', awaySeconds);
    const counts = targets.flatMap(({ name }) => [count(name, 'firing'), count(name, 'resolved')]);
    return {
      expected: counts.length,
      told: counts.filter((times) => times > 0).length,
      mostCopies: Math.max(...counts),
      longestSeconds: Math.max(...waits),
    };
  } finally {
    await Promise.all([alerter.end('SIGKILL'), standby?.end('SIGKILL')]);
    receiver.stop();
    for (const { kill } of targets) kill();
    configuration.remove();
    await postgres.remove();
  }
}

async function databaseIsUp(alerter) {
  const answer = await fetch(`http://127.0.0.1:${await alerter.port}/metrics/prometheus`);
  return (await answer.text()).includes('\nalerter_database_up 1\n');
}

export function reportDatabaseAway(section, awaySeconds, { expected, told, mostCopies, longestSeconds }) {
  const what = `database of two alerters restarted, killed and away for ${awaySeconds} s`;
  section.bar(`${what}: messages told of ${expected}`, told, '', { atLeast: expected });
  section.bar(`${what}: most copies of one message`, mostCopies, '', { atMost: 1 });
  section.bar(`${what}: longest from the change to the accept`, longestSeconds, ' s', { atMost: 30 });
}
