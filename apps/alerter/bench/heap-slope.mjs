// The memory of loop and engine over 36,000 evaluations and 500 flaps on a fast clock. Needs node --expose-gc.
import { createAlertEngine, createMemoryStore, defaultRules } from '@nps/oracle-alerts';
import { createWatch } from '../dist/watch.js';
import { createFastClock } from './fast-clock.mjs';

const EVALUATIONS = 36_000;
const CHECK_MS = 10_000;
const FLAPS = 500;
const SAMPLES = 100;
const WARM_UP = 20;
const HOUR_MS = 3_600_000;

export async function heapSlope() {
  const clock = createFastClock();
  const totalMs = EVALUATIONS * CHECK_MS;
  const flapMs = totalMs / FLAPS;
  let messages = 0;
  const onError = (error) => {
    throw error;
  };
  const engine = createAlertEngine(
    { services: [{ name: 'steady' }, { name: 'flapping' }], rules: defaultRules(), checkIntervalMs: CHECK_MS },
    {
      clock,
      store: createMemoryStore(),
      notifiers: {
        main: { kind: 'count', send: async () => ({ result: 'delivered', messageId: String((messages += 1)) }) },
      },
      onError,
    },
  );
  const iso = () => new Date(clock.wallMs()).toISOString();
  const watch = createWatch(
    ['steady', 'flapping'].map((name) => ({ name, kind: 'tcp', url: 'tcp://nowhere.test:1' })),
    5000,
    {
      clock,
      engine,
      recorder: null,
      judgedSignals: () => new Map(),
      connectivity: { note: () => undefined, check: async () => true },
      onError,
      probe: async ({ name }) =>
        name === 'flapping' && clock.monotonicMs() % flapMs < flapMs / 3
          ? { outcome: 'failure', reason: 'refused', message: 'refused', latencyMs: 1, at: iso() }
          : { outcome: 'report', status: 'healthy', health: null, latencyMs: 1, at: iso() },
    },
  );
  await engine.start();
  watch.start();
  const megabytes = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    await clock.pass(totalMs / SAMPLES);
    globalThis.gc();
    megabytes.push(process.memoryUsage().heapUsed / 1e6);
  }
  const { evaluations } = engine.status();
  await watch.stop();
  await engine.stop();
  const warm = megabytes.slice(WARM_UP);
  return {
    evaluations,
    messages,
    slopePerHour: slope(warm) / (totalMs / SAMPLES / HOUR_MS),
    warm: warm[0],
    end: warm.at(-1),
  };
}

/** Least squares, per sample. */
function slope(values) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const above = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  return above / values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
}

export function reportHeapSlope(section, { evaluations, messages, slopePerHour, warm, end }) {
  section.figure('heap: evaluations', evaluations, '');
  section.figure(`heap: messages of ${FLAPS} flaps`, messages, '');
  section.figure('heap: after the warm-up', warm, ' MB');
  section.figure('heap: 80 hours later', end, ' MB');
  section.bar('heap: slope per hour', slopePerHour, ' MB/h', { atMost: 1 });
}
