// Figures: rule evaluations a second, the time of all rules over 1,000 services, and the share of one core that 1,000 targets
// every 5 s take. After a build of this package and of @nps/testing: npm run bench. The slope of the heap needs hours: it is
// measured over a hundred simulated ones by apps/alerter's bench.
import { benchSection } from '@nps/testing';
import {
  createAlertEngine,
  createDocumentStore,
  createEvaluationState,
  defaultRules,
  evaluate,
} from '../dist/esm/index.js';

const TARGETS = 1000;
const START_MS = 1_800_000_000_000;
const names = Array.from({ length: TARGETS }, (_, index) => `service-${index}`);
const rules = defaultRules();
const section = benchSection('alerts');

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

/** Rules that the report above makes the evaluator judge. */
const JUDGED = 7;

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function evaluations() {
  let state = createEvaluationState({ rules });
  const batches = [];
  const ticks = [];
  for (let round = 0; round < 60; round += 1) {
    const at = START_MS + round * 5000;
    const observations = names.flatMap((name) => reportOf(name, at));
    const startedMs = performance.now();
    state = evaluate(state, observations, at).state;
    batches.push(performance.now() - startedMs);
    const tickedMs = performance.now();
    state = evaluate(state, [], at + 1000).state;
    ticks.push(performance.now() - tickedMs);
  }
  // The first rounds are the compiler's.
  const batchMs = median(batches.slice(20));
  section.figure(
    `rule evaluations a second (${JUDGED} rules, ${TARGETS} services in one batch)`,
    (TARGETS * JUDGED * 1000) / batchMs,
    '',
  );
  section.figure(`${rules.length} rules over fresh figures of ${TARGETS} services, median`, batchMs, ' ms');
  section.bar(`${rules.length} rules × ${TARGETS} services at a tick, median`, median(ticks.slice(20)), ' ms', {
    atMost: 5,
  });
}

/** Many rules of one figure each: what a tick costs when nothing happened. */
function manyRules() {
  const many = Array.from({ length: 200 }, (_, index) => ({
    name: `rule_${index}`,
    signal: `signal_${index}`,
    comparison: 'above',
    threshold: 1,
    unit: 'count',
    severity: 'warning',
    summary: '{service}',
  }));
  const figures = names.flatMap((service) =>
    many.map(({ signal }) => ({ service, signal, labels: {}, value: 0, at: START_MS })),
  );
  let { state } = evaluate(createEvaluationState({ rules: many }), figures, START_MS);
  const ticks = Array.from({ length: 30 }, (_, index) => {
    const startedMs = performance.now();
    state = evaluate(state, [], START_MS + index * 1000).state;
    return performance.now() - startedMs;
  });
  section.bar(`${many.length} rules × ${TARGETS} services at a tick, median`, median(ticks), ' ms', { atMost: 5 });
}

function createManualClock() {
  let nowMs = 0;
  const timers = [];
  const clock = {
    wallMs: () => START_MS + nowMs,
    monotonicMs: () => nowMs,
    setTimer: (delayMs, fn) => {
      const timer = { dueMs: nowMs + delayMs, fn };
      timers.push(timer);
      return timer;
    },
    clearTimer: (timer) => timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0),
  };
  const pass = (ms) => {
    nowMs += ms;
    for (const timer of timers.filter(({ dueMs }) => dueMs <= nowMs)) {
      clock.clearTimer(timer);
      timer.fn();
    }
  };
  return { clock, pass };
}

async function engineUnderLoad() {
  const { clock, pass } = createManualClock();
  const document = {};
  const engine = createAlertEngine(
    { services: names.map((name) => ({ name })), rules },
    {
      clock,
      store: createDocumentStore({ transact: (fn) => fn(document), monotonicMs: clock.monotonicMs }),
      notifiers: {},
      onError: console.error,
    },
  );
  await engine.start();
  const run = async (simulatedSeconds) => {
    const before = process.cpuUsage();
    for (let step = 0; step < simulatedSeconds * (TARGETS / 5); step += 1) {
      pass(5000 / TARGETS);
      const report = reportOf(names[step % TARGETS], 0);
      engine.observe(report.slice(0, 5));
      engine.observe(report.slice(5));
      await engine.settled();
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  await run(15);
  const seconds = 120;
  const cpuSeconds = await run(seconds);
  section.bar(`engine with ${TARGETS} targets every 5 s, share of one core`, (cpuSeconds / seconds) * 100, ' %', {
    atMost: 25,
  });
  await engine.stop();
}

evaluations();
manyRules();
await engineUnderLoad();
section.finish();
