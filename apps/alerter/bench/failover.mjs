// The primary of the alerters' PostgreSQL is killed with -9 and its standby promoted, under synchronous and asynchronous
// replication, while services fail and recover: every message must come in time, none twice, also where the last commits
// are lost with the primary.
import { setTimeout as delay } from 'node:timers/promises';
import { startPair } from './standby.mjs';
import { startAlerter, startReceiver, startTargets, until, writeConfiguration } from './world.mjs';

const LONGEST_MS = 40_000;
/** What a failover manager needs to notice. */
const FAILOVER_MS = 8000;
/** Long enough for a second copy to come. */
const AFTER_MS = 20_000;

/** @param replication `synchronous`, `asynchronous`, or `lossy`: asynchronous, and the standby lags when the primary dies */
export async function failover(replication) {
  const pair = await startPair(replication === 'synchronous' ? 'synchronous' : 'asynchronous');
  const told = [];
  const receiver = await startReceiver((service, status) => told.push({ service, status }));
  const targets = await startTargets(4);
  const configuration = writeConfiguration({
    targets: targets.map(({ target }) => target),
    channels: { receiver: receiver.channel },
  });
  const start = () => startAlerter({ NPS_CONFIG: configuration.path, DATABASE_URL: pair.connectionString });
  const alerters = [start()];
  const count = (name, status) => told.filter((entry) => entry.service === name && entry.status === status).length;
  const waits = [];
  const expectTold = async ({ name }, status, change) => {
    const fromMs = performance.now();
    await change();
    await until(() => count(name, status) > 0, LONGEST_MS);
    waits.push((performance.now() - fromMs) / 1000);
  };
  try {
    await alerters[0].port;
    await delay(3000);
    alerters.push(start());
    await alerters[1].port;
    await delay(8000);
    const [before, last, meanwhile, after] = targets;
    await expectTold(before, 'firing', before.kill);
    if (replication === 'lossy') await pair.stopFollowing();
    await expectTold(last, 'firing', last.kill);
    const killed = expectTold(meanwhile, 'firing', () => {
      pair.killPrimary();
      meanwhile.kill();
    });
    await delay(FAILOVER_MS);
    await pair.failOver();
    await killed;
    await expectTold(after, 'firing', after.kill);
    for (const target of targets) await expectTold(target, 'resolved', target.revive);
    await delay(AFTER_MS);
    const counts = targets.flatMap(({ name }) => [count(name, 'firing'), count(name, 'resolved')]);
    const [{ open }] = await pair.query('SELECT count(*)::integer AS open FROM alerts WHERE is_open');
    const [{ stored }] = await pair.query(
      `SELECT count(*)::integer AS stored FROM notices WHERE state = 'delivered' AND kind IN ('fire', 'resolve')`,
    );
    return {
      expected: counts.length,
      told: counts.filter((times) => times > 0).length,
      mostCopies: Math.max(...counts),
      longestSeconds: Math.max(...waits),
      open,
      stored,
    };
  } finally {
    await Promise.all(alerters.map((alerter) => alerter.end('SIGKILL')));
    receiver.stop();
    for (const { kill } of targets) kill();
    configuration.remove();
    await pair.remove();
  }
}

export function reportFailover(section, replication, figures) {
  const { expected, told, mostCopies, longestSeconds, open, stored } = figures;
  const what = `failover, ${replication === 'lossy' ? 'the last commits lost' : `${replication} replication`}`;
  section.bar(`${what}: messages told of ${expected}`, told, '', { atLeast: expected });
  section.bar(`${what}: most copies of one message`, mostCopies, '', { atMost: 1 });
  section.bar(`${what}: longest from the change to the accept`, longestSeconds, ' s', { atMost: 30 });
  section.bar(`${what}: alerts left open in the new primary`, open, '', { atMost: 0 });
  section.bar(`${what}: deliveries the new primary knows of ${expected}`, stored, '', { atLeast: expected });
}
