// From the kill of a real target to the accept of a real channel, at random phases of the poll, with the alerter's default
// intervals and its database.
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from './random.mjs';
import { quantile, startAlerter, startReceiver, startTargets, until, writeConfiguration } from './world.mjs';

/** Too far apart to be grouped (five within 2 s), so that every kill has a message of its own. */
const GAP_MS = { least: 600, most: 2000 };
const LONGEST_WAIT_MS = 40_000;

/** Seconds of each kill, sorted; `told` may be fewer than were killed. */
export async function killToAccept({ runs, seed, connectionString }) {
  const random = createRandom(seed);
  const acceptedAt = new Map();
  const receiver = await startReceiver((service, status) => {
    if (status === 'firing' && !acceptedAt.has(service)) acceptedAt.set(service, performance.now());
  });
  const targets = await startTargets(runs);
  const configuration = writeConfiguration({
    targets: targets.map(({ target }) => target),
    channels: { receiver: receiver.channel },
  });
  const alerter = startAlerter({ NPS_CONFIG: configuration.path, DATABASE_URL: connectionString });
  try {
    await alerter.port;
    await delay(8000);
    const killedAt = new Map();
    for (const { name, kill } of targets) {
      await delay(GAP_MS.least + random() * (GAP_MS.most - GAP_MS.least));
      kill();
      killedAt.set(name, performance.now());
    }
    await until(() => acceptedAt.size === runs, LONGEST_WAIT_MS);
    const seconds = [...acceptedAt].map(([name, at]) => (at - killedAt.get(name)) / 1000).sort((a, b) => a - b);
    return {
      told: seconds.length,
      p50: quantile(seconds, 0.5),
      p95: quantile(seconds, 0.95),
      max: quantile(seconds, 1),
    };
  } finally {
    await alerter.end();
    receiver.stop();
    for (const { kill } of targets) kill();
    configuration.remove();
  }
}

/** The bars of RELIABILITY. */
export function reportKillToAccept(section, runs, { told, p50, p95, max }) {
  section.bar(`kill to accept: outages told of ${runs}`, told, '', { atLeast: runs });
  section.figure('kill to accept, p50', p50, ' s');
  section.bar('kill to accept, p95', p95, ' s', { atMost: 25 });
  section.bar('kill to accept, longest', max, ' s', { atMost: 30 });
}
