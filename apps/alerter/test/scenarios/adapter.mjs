// The shipped alerter behind the interface of the scenario harness: its own loop (dist/watch.js), engine and notifiers
// on the harness's clock, probes, channels and store. Needs a build; nothing here decides anything.
import {
  createAlertEngine,
  createDocumentStore,
  defaultRules,
  pagerDutyNotifier,
  slackNotifier,
  telegramNotifier,
} from '@nps/oracle-alerts';
import { redact } from '@nps/oracle-logger';
import { judgedSignals } from '../../dist/engine-config.js';
import { createWatch } from '../../dist/watch.js';

const REASONS = { http500: 'http_5xx', slowloris: 'timeout' };
const STATUSES = { up: 'healthy', degraded: 'degraded', down: 'down' };

/** @param rules only for runs that prove the harness by breaking a rule on purpose */
export function createAlerter(env, rules = rulesOf(env.config)) {
  const clock = {
    wallMs: () => env.wall() * 1000,
    monotonicMs: () => env.mono() * 1000,
    setTimer: (delayMs, fn) => env.setTimer(delayMs / 1000, fn),
    clearTimer: (timer) => env.clearTimer(timer),
  };
  const engine = createAlertEngine(engineConfig(env, rules), {
    clock,
    store: createDocumentStore({ transact: (fn) => env.store.tx(fn), monotonicMs: clock.monotonicMs }),
    notifiers: Object.fromEntries(sinksOf(env.config).map((sink) => [sink, createSink(env, sink)])),
    onError: (error) => env.log('error', String(error)),
    connectivity: () => new Promise((resolve) => env.selfCheck(resolve)),
    onRole: (role) => (role === 'leader' ? watch.start() : void watch.stop()),
    random: () => 0.5,
    redact,
  });
  const watch = createWatch(
    env.targets.map((name) => ({ name, kind: 'service', url: 'http://target.test' })),
    env.config.poll_s * 1000,
    {
      clock,
      engine,
      recorder: null,
      judgedSignals: () => judgedSignals(rules),
      ...createVisits(env, engine),
      ...quiet(env),
    },
  );
  return {
    start: () => void engine.start(),
    stop: (done) =>
      void watch
        .stop()
        .then(() => engine.stop())
        .then(done),
    silence: ({ id, target, for_s }) =>
      void engine.silence({ id, matcher: { service: target }, durationMs: for_s * 1000, createdBy: 'scenario' }),
    unsilence: (id) => void engine.unsilence(id),
    selfHealth: () => {
      const { channels, store, network } = engine.status();
      const canTell = channels.length > 0 && !channels.some(({ state }) => state === 'failing');
      const isSound = store === 'ok' && network === 'ok' && canTell;
      return isSound ? 'ok' : 'degraded';
    },
  };
}

function quiet(env) {
  return {
    connectivity: { note: () => undefined, check: () => Promise.resolve(true) },
    onError: (error) => env.log('error', String(error)),
  };
}

function sinksOf({ sinks, fallback }) {
  return [...new Set([...sinks, ...(fallback === null ? [] : [fallback])])];
}

function engineConfig({ config, targets, replica }, rules) {
  return {
    services: targets.map((name) => ({ name })),
    rules,
    ...(config.fallback === null ? {} : { routes: [{ channels: config.sinks, fallback: config.fallback }] }),
    owner: `replica-${replica}`,
    cooldownMs: config.cooldown_s * 1000,
    groupWaitMs: config.group_wait_s * 1000,
    groupThreshold: config.group_threshold,
    sendTimeoutMs: (config.send_timeout_s + 1) * 1000,
    fallbackAfterMs: config.fallback_after_s * 1000,
    leaseMs: config.lease_s * 1000,
  };
}

/** The default rules that scenarios know, with the scenario's numbers. */
export function rulesOf(config) {
  const reminders = config.reminder_s === null ? {} : { repeatSeconds: config.reminder_s };
  const own = {
    down: { confirmations: config.fail_threshold, recoverConfirmations: config.ok_threshold },
    error_rate: { minimumEvents: config.min_total, minimumErrors: config.min_errors_small },
    slow_reading: {},
  };
  const freshness = { error_rate: { staleAfterSeconds: config.stale_after_s } };
  return (
    defaultRules({ errorRatio: config.error_rate_gt, readingSeconds: config.slow_gt_s })
      .filter(({ name }) => Object.hasOwn(own, name))
      // Timelines have no parameter for damping: they want every fire that the cooldown allows.
      .map((rule) =>
        Object.assign(
          {},
          rule,
          { onNoData: 'hold', flapDamping: false },
          own[rule.name],
          freshness[rule.name],
          reminders,
        ),
      )
      .map((rule) =>
        withRecovery(config.inhibit === false ? { ...rule, inhibits: 'none' } : rule, config.recovered_for),
      )
  );
}

/** Recoveries are sent for the rules that the scenario names. */
function withRecovery({ recoverySummary, ...rule }, names = ['down']) {
  if (!names.includes(rule.name)) return rule;
  return { ...rule, recoverySummary: recoverySummary ?? `{service} ${rule.name.replaceAll('_', ' ')} recovered` };
}

/** One answer of the harness holds health and metrics: the probe asks, the scrape of the same visit shares the answer. */
function createVisits(env, engine) {
  const waiting = new Map();
  const ask = (name) => new Promise((resolve) => env.probe(name, resolve));
  return {
    scrape: ({ name }) => new Promise((resolve) => waiting.set(name, resolve)),
    probe: async ({ name }) => {
      const answer = await ask(name);
      waiting.get(name)?.(scrapeResult(env, answer));
      waiting.delete(name);
      const at = env.wall() * 1000;
      // What is over needs no page of metrics: the harness lists it for 15 minutes.
      const done = (answer.readings ?? []).filter((reading) => reading.done);
      engine.observe(
        done.map(({ id, duration_s }) => ({
          service: name,
          signal: 'reading_seconds',
          labels: { id, state: 'done' },
          value: duration_s,
          at,
        })),
      );
      return probeResult(env, answer);
    },
  };
}

function probeResult(env, answer) {
  const at = new Date(env.wall() * 1000).toISOString();
  if (!answer.ok) {
    return {
      outcome: 'failure',
      reason: REASONS[answer.kind] ?? answer.kind,
      message: answer.detail ?? answer.kind,
      latencyMs: 1,
      at,
    };
  }
  const checks = answer.detail === undefined ? {} : { service: { status: 'error', detail: answer.detail } };
  return { outcome: 'report', status: STATUSES[answer.status] ?? 'degraded', health: { checks }, latencyMs: 1, at };
}

function scrapeResult(env, { metrics, readings = [] }) {
  if (metrics === undefined) return { outcome: 'failure', reason: 'http_4xx', message: 'no metrics' };
  const window = { operations: metrics.total, errors: metrics.errors, by_operation: {} };
  return {
    outcome: 'report',
    at: new Date(env.wall() * 1000).toISOString(),
    report: {
      timestamp: new Date((env.wall() - metrics.age_s) * 1000).toISOString(),
      windows: { '5m': window, '60m': window },
      in_flight: readings
        .filter((reading) => !reading.done)
        .map(({ id, duration_s }) => ({ id, operation: 'reading', duration_ms: duration_s * 1000 })),
      today: { cost_usd: 0 },
      average_response_time_ms: null,
    },
  };
}

const NOTIFIERS = {
  telegram: (deps) => telegramNotifier.configure({ token: '1:scenario', chatId: '1' }, deps),
  slack: (deps) => slackNotifier.configure({ url: 'http://slack.test/hook' }, deps),
  pagerduty: (deps) => pagerDutyNotifier.configure({ routingKey: 'r'.repeat(32) }, deps),
};

/** The shipped notifier of a kind; only its HTTP request goes to the harness. */
function createSink(env, sink) {
  const configure = NOTIFIERS[sink];
  return {
    ...configure({}),
    // Which ends are told is the scenario's choice (recovered_for), not the channel's.
    isStateful: false,
    send: (notice, signal) =>
      configure({ request: (call) => carry(env, sink, notice, call.body) }).send(notice, signal),
  };
}

function carry(env, sink, notice, body) {
  const payload = JSON.parse(body);
  const message = {
    id: notice.id,
    rule: notice.rule,
    kind: notice.kind,
    severity: notice.severity.toUpperCase(),
    targets: notice.services,
    text: payload.text ?? payload.payload?.summary ?? notice.message.title,
    dedup_key: notice.dedupKey,
    ...(payload.parse_mode === undefined ? {} : { parse_mode: payload.parse_mode }),
    ...(notice.reason === undefined ? {} : { reason: notice.reason === 'down' ? 'reported_down' : 'unreachable' }),
  };
  return new Promise((resolve, reject) => {
    env.send(sink, message, (answer) =>
      answer.error === undefined ? resolve(httpAnswer(sink, answer)) : reject(new Error(answer.error)),
    );
  });
}

/** The harness answers every channel as Telegram does; each notifier is handed the words of its own. */
function httpAnswer(sink, answer) {
  const headers = answer.retry_after === undefined ? {} : { 'retry-after': String(answer.retry_after) };
  const isTaken = sink !== 'telegram' && answer.status === 200 && answer.body?.ok === true;
  if (isTaken)
    return sink === 'slack'
      ? { status: 200, headers, body: 'ok' }
      : { status: 202, headers, body: '{"status":"success"}' };
  return {
    status: answer.status ?? 0,
    headers,
    body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? null),
  };
}
