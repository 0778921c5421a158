// Two replicas on one database: how soon the other one leads when the leader is killed, frozen or stopped; what a frozen
// one still says when it thaws.
import { setTimeout as delay } from 'node:timers/promises';
import { startAlerter, startReceiver, startTarget, until, writeConfiguration } from './world.mjs';

const LEADING = 'leading: watching all targets';
const LONGEST_MS = 30_000;

/** Seconds to the takeover by what happened to the leader, and how often one outage of each round was told. */
export async function takeOvers({ rounds, connectionString }) {
  const told = new Map();
  const note = (service, status) => told.set(`${service} ${status}`, (told.get(`${service} ${status}`) ?? 0) + 1);
  const receiver = await startReceiver(note);
  const target = await startTarget('oracle');
  const configuration = writeConfiguration({ targets: [target.target], channels: { receiver: receiver.channel } });
  const start = () =>
    startAlerter({ NPS_CONFIG: configuration.path, DATABASE_URL: connectionString, ALERT_COOLDOWN: '1' });
  const seconds = { SIGKILL: [], SIGSTOP: [], SIGTERM: [] };
  const alive = new Set();
  try {
    let leader = start();
    alive.add(leader);
    await until(() => leader.messages.includes(LEADING), LONGEST_MS);
    for (let round = 0; round < rounds; round += 1) {
      for (const signal of Object.keys(seconds)) {
        const standby = start();
        alive.add(standby);
        await standby.port;
        await delay(3000);
        const atMs = performance.now();
        leader.child.kill(signal);
        // It goes down with nobody to see it, so the message comes from the one that takes over.
        target.kill();
        await until(() => standby.messages.includes(LEADING), LONGEST_MS, 20);
        seconds[signal].push((performance.now() - atMs) / 1000);
        await until(
          () => told.get('oracle firing') === round * 3 + Object.keys(seconds).indexOf(signal) + 1,
          LONGEST_MS,
        );
        if (signal === 'SIGSTOP') leader.child.kill('SIGCONT');
        await target.revive();
        await until(() => told.get('oracle resolved') === told.get('oracle firing'), LONGEST_MS);
        await delay(2000);
        await leader.end('SIGKILL');
        alive.delete(leader);
        leader = standby;
      }
    }
    return { seconds, outages: rounds * 3, fired: told.get('oracle firing'), resolved: told.get('oracle resolved') };
  } finally {
    for (const { child } of alive) child.kill('SIGKILL');
    receiver.stop();
    target.kill();
    configuration.remove();
  }
}

const WORDS = { SIGKILL: 'killed', SIGSTOP: 'frozen', SIGTERM: 'stopped' };

export function reportTakeOvers(section, { seconds, outages, fired, resolved }) {
  for (const [signal, times] of Object.entries(seconds))
    section.bar(
      `takeover from a leader that is ${WORDS[signal]}, longest of ${times.length}`,
      Math.max(...times),
      ' s',
      {
        atMost: 15,
      },
    );
  section.bar(`takeovers: messages of ${outages} outages`, fired, '', { atMost: outages });
  section.bar(`takeovers: recoveries of ${outages} outages`, resolved, '', { atLeast: outages });
}
