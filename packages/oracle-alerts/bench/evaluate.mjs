// Figures: rule evaluations a second, the share of one core that 1,000 targets every 5 s take, and the slope of the heap.
// Run after a build: node --expose-gc bench/evaluate.mjs
import {
  createAlertEngine,
  createDocumentStore,
  createEvaluationState,
  defaultRules,
  evaluate,
} from '../dist/esm/index.js';

const TARGETS = 1000;
const names = Array.from({ length: TARGETS }, (_, index) => `service-${index}`);
const rules = defaultRules();

function reportOf(service, at) {
  const window = { window: '300' };
  return [
    { service, signal: 'up', labels: {}, value: 1, at },
    { service, signal: 'degraded', labels: {}, value: 0, at },
    { service, signal: 'dependency_up', labels: { dependency: 'database' }, value: 1, at },
    { service, signal: 'disk_used_ratio', labels: {}, value: 0.5, at },
    { service, signal: 'memory_used_ratio', labels: {}, value: 0.5, at },
    { service, signal: 'operations', labels: window, value: 100, at },
    { service, signal: 'errors', labels: window, value: 1, at },
    { service, signal: 'reading_p95_seconds', labels: window, value: 2, at },
  ];
}

function evaluations() {
  let state = createEvaluationState({ rules });
  const rounds = 20;
  const startedMs = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    const at = 1_800_000_000_000 + round * 5000;
    state = evaluate(
      state,
      names.flatMap((name) => reportOf(name, at)),
      at,
    ).state;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(
    `evaluate: ${Math.round((rounds * TARGETS * 7) / seconds)} rule evaluations/s (${TARGETS} services, batches)`,
  );
}

async function share() {
  let nowMs = 0;
  const document = {};
  const monotonicMs = () => nowMs;
  const timers = [];
  const clock = {
    wallMs: () => 1_800_000_000_000 + nowMs,
    monotonicMs,
    setTimer: (delayMs, fn) => {
      const timer = { dueMs: nowMs + delayMs, fn };
      timers.push(timer);
      return timer;
    },
    clearTimer: (timer) => timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0),
  };
  const engine = createAlertEngine(
    { services: names.map((name) => ({ name })), rules },
    {
      clock,
      store: createDocumentStore({ transact: (fn) => fn(document), monotonicMs }),
      notifiers: {},
      onError: console.error,
    },
  );
  await engine.start();
  const run = async (simulatedSeconds) => {
    const startedMs = performance.now();
    const before = process.cpuUsage();
    for (let step = 0; step < simulatedSeconds * (TARGETS / 5); step += 1) {
      nowMs += 5000 / TARGETS;
      for (const timer of timers.filter(({ dueMs }) => dueMs <= nowMs)) {
        clock.clearTimer(timer);
        timer.fn();
      }
      const name = names[step % TARGETS];
      const report = reportOf(name, 0);
      engine.observe(report.slice(0, 5));
      engine.observe(report.slice(5));
      await engine.settled();
    }
    const { user, system } = process.cpuUsage(before);
    return { cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - startedMs) / 1000 };
  };
  await run(15);
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const seconds = 60;
  const { cpuSeconds } = await run(seconds);
  globalThis.gc?.();
  const grownBytes = process.memoryUsage().heapUsed - heapBefore;
  console.log(`engine: ${TARGETS} targets every 5 s take ${((cpuSeconds / seconds) * 100).toFixed(1)} % of one core`);
  console.log(
    `heap: ${(grownBytes / 1024).toFixed(0)} KiB grown in ${seconds} simulated seconds (${seconds / 5} rounds)`,
  );
  await engine.stop();
}

evaluations();
await share();
