// kill -9 of the alerter in the delivery window, again and again: every outage must be told, at most twice.
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from './random.mjs';
import { startAlerter, startReceiver, startTargets, until, writeConfiguration } from './world.mjs';

/** The channel takes this long, so that there is a window between its accept and the record of it. */
const CHANNEL_MS = 150;
const WINDOW_MS = 2 * CHANNEL_MS;
const LAST_WAIT_MS = 60_000;
/** A third copy would come by then. */
const AFTER_MS = 10_000;

/** How many outages were told how often: `copies[n]` of them n times. */
export async function killNine({ runs, seed, connectionString }) {
  const random = createRandom(seed);
  const copies = new Map();
  let phase = 'running';
  let kills = 0;
  let alerter;
  const kill = ({ child }) => {
    if (phase === 'over' || child.exitCode !== null || child.signalCode !== null) return;
    kills += 1;
    child.kill('SIGKILL');
  };
  const receiver = await startReceiver((service, status) => {
    if (status !== 'firing') return;
    const before = copies.get(service) ?? 0;
    copies.set(service, before + 1);
    // The first copy's sender dies somewhere between the request and a while after the answer.
    if (before === 0) setTimeout(() => kill(alerter), random() * WINDOW_MS);
  }, CHANNEL_MS);
  const targets = await startTargets(runs);
  const configuration = writeConfiguration({
    targets: targets.map(({ target }) => target),
    channels: { receiver: receiver.channel },
  });
  const start = () => {
    if (phase === 'over') return;
    alerter = startAlerter({
      NPS_CONFIG: configuration.path,
      DATABASE_URL: connectionString,
      ALERTER_NAME: 'soak',
      ALERT_COLLECT_INTERVAL: '1',
      ALERT_CHECK_INTERVAL: '1',
    });
    alerter.child.on('exit', start);
  };
  start();
  try {
    await delay(4000);
    for (const target of targets) {
      target.kill();
      await delay(2500 + random() * 2500);
    }
    await until(() => copies.size === runs, LAST_WAIT_MS);
    await delay(AFTER_MS);
    const counts = targets.map(({ name }) => copies.get(name) ?? 0);
    const most = Math.max(...counts);
    return {
      kills,
      copies: Array.from({ length: most + 1 }, (_, times) => counts.filter((count) => count === times).length),
    };
  } finally {
    phase = 'over';
    alerter.child.kill('SIGKILL');
    receiver.stop();
    for (const { kill: end } of targets) end();
    configuration.remove();
  }
}

/** The bars of RELIABILITY, and the histogram. */
export function reportKillNine(section, { kills, copies }) {
  const outages = copies.reduce((sum, count) => sum + count, 0);
  section.table(
    `${outages} outages, ${kills} × kill -9 in the delivery window`,
    ['copies of the message', 'outages'],
    copies.map((count, times) => [times, count]),
  );
  section.bar('kill -9: outages lost', copies[0] ?? 0, '', { atMost: 0 });
  section.bar('kill -9: most copies of one message', copies.length - 1, '', { atMost: 2 });
}
