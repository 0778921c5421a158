// Days on which nothing is wrong: jitter, 1 % errors, blips of under three seconds. The shipped loop and engine on the
// scenario harness's clock; every message would be a false alarm.
import { load, run } from '../../../packages/oracle-alerts/test/scenarios/fixtures/harness.mjs';
import { createAlerter } from '../test/scenarios/adapter.mjs';
import { createRandom } from './random.mjs';

const DAY_SECONDS = 86_400;
const BLIPS = 200;
const BLIP_STATES = ['refused', 'timeout', 'http500', 'reset', 'up_1900ms'];

function quietDay(seed) {
  const random = createRandom(seed);
  const gap = DAY_SECONDS / BLIPS;
  const truth = Array.from({ length: BLIPS }, (_, index) => {
    const from = index * gap + random() * (gap - 60);
    return { target: 'nps', from, to: from + 0.2 + random() * 2.7, state: BLIP_STATES[Math.floor(random() * 5)] };
  });
  const readings = Array.from({ length: 300 }, (_, index) => ({
    target: 'nps',
    id: `r${index}`,
    start: index * 280 + random() * 100,
    duration: random() * 10,
  }));
  // 1 % of the operations of a day fail, at moments of their own choosing but never more than two at once.
  const ops = Array.from({ length: DAY_SECONDS / 60 }, (_, minute) => ({
    at: minute * 60 + random() * 60,
    target: 'nps',
    ok: 60 + Math.floor(random() * 80),
    error: random() < 0.5 ? 1 + Math.floor(random() * 2) : 0,
  }));
  return {
    id: `Q${seed}`,
    duration: DAY_SECONDS,
    targets: ['nps'],
    truth,
    ops,
    readings,
    events: [],
    sinks: {},
    replicas: 1,
    config: {},
    expect: { notifications: [], extra: [], converges: true },
  };
}

/** Messages and broken invariants of so many days. */
export async function quietDays({ days }) {
  const document = load();
  let messages = 0;
  const problems = [];
  for (let seed = 1; seed <= days; seed += 1) {
    const result = await run(quietDay(seed), document, createAlerter);
    messages += result.accepted.length;
    problems.push(...result.problems.map((problem) => `day ${seed}: ${problem}`));
  }
  return { messages, problems };
}

export function reportQuietDays(section, days, { messages, problems }) {
  for (const problem of problems) console.log(problem);
  section.bar(`${days} × 24 simulated hours of jitter, 1 % errors and blips: messages`, messages, '', { atMost: 0 });
}
