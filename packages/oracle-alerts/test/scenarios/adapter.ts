/** The shipped engine behind the interface of the scenario harness: a fake clock, fake channels, a document as store. */
import {
  type AlertEngine,
  type Clock,
  createAlertEngine,
  createDocumentStore,
  defaultRules,
  type EngineDeps,
  type HttpRequest,
  type Notice,
  type Notifier,
  type Observation,
  pagerDutyNotifier,
  type Rule,
  slackNotifier,
  telegramNotifier,
} from '../../src/index.js';
import type { AlerterUnderTest, ProbeAnswer, ScenarioEnv, SinkAnswer } from './scenario-types.js';

const REASONS: Readonly<Record<string, string>> = { http500: 'http_5xx', slowloris: 'timeout' };

export function createScenarioAlerter(env: ScenarioEnv, rules: readonly Rule[] = scenarioRules(env)): AlerterUnderTest {
  const clock: Clock = {
    wallMs: () => env.wall() * 1000,
    monotonicMs: () => env.mono() * 1000,
    setTimer: (delayMs, fn) => env.setTimer(delayMs / 1000, fn),
    clearTimer: (timer) => env.clearTimer(timer),
  };
  const prober = createProber(env, (observations) => engine.observe(observations));
  const { config } = env;
  const routes = config.fallback === null ? undefined : [{ channels: config.sinks, fallback: config.fallback }];
  const sinks = [...new Set([...config.sinks, ...(config.fallback === null ? [] : [config.fallback])])];
  const engine: AlertEngine = createAlertEngine(
    {
      services: env.targets.map((name) => ({ name })),
      rules,
      ...(routes === undefined ? {} : { routes }),
      owner: `replica-${env.replica}`,
      cooldownMs: config.cooldown_s * 1000,
      groupWaitMs: config.group_wait_s * 1000,
      groupThreshold: config.group_threshold,
      sendTimeoutMs: (config.send_timeout_s + 1) * 1000,
      fallbackAfterMs: config.fallback_after_s * 1000,
      leaseMs: config.lease_s * 1000,
    },
    {
      clock,
      store: createDocumentStore({ transact: (fn) => env.store.tx(fn), monotonicMs: clock.monotonicMs }),
      notifiers: Object.fromEntries(sinks.map((sink) => [sink, createSink(env, sink)])),
      onError: (error) => env.log('error', String(error)),
      connectivity: () => new Promise((resolve) => env.selfCheck(resolve)),
      onRole: (role) => (role === 'leader' ? prober.start() : prober.stop()),
      random: () => 0.5,
    } satisfies EngineDeps,
  );
  return {
    start: () => void engine.start(),
    stop: (done) => {
      prober.stop();
      void engine.stop().then(done);
    },
    silence: ({ id, target, for_s }) =>
      void engine.silence({ id, matcher: { service: target }, durationMs: for_s * 1000, createdBy: 'scenario' }),
    unsilence: (id) => void engine.unsilence(id),
    selfHealth: () => {
      const status = engine.status();
      const isFailing = status.channels.some((channel) => channel.state === 'failing');
      return isFailing || status.store === 'memory' || status.network === 'isolated' ? 'degraded' : 'ok';
    },
  };
}

function scenarioRules(env: ScenarioEnv): readonly Rule[] {
  const { config } = env;
  const wanted = new Set(['down', 'error_rate', 'slow_reading']);
  const rules = defaultRules({ errorRatio: config.error_rate_gt, readingSeconds: config.slow_gt_s });
  return rules
    .filter((rule) => wanted.has(rule.name))
    .map(
      (rule): Rule => ({
        ...rule,
        onNoData: 'hold',
        ...(rule.name === 'down'
          ? { confirmations: config.fail_threshold, recoverConfirmations: config.ok_threshold }
          : {}),
        ...(rule.name === 'error_rate'
          ? { minimumEvents: config.min_total, minimumErrors: config.min_errors_small }
          : {}),
        ...(config.reminder_s === null ? {} : { repeatSeconds: config.reminder_s }),
        ...(config.inhibit ? {} : { inhibits: 'none' }),
      }),
    )
    .map((rule) => withRecovery(rule, config.recovered_for));
}

/** Recoveries are sent for the rules that the scenario names. */
function withRecovery({ recoverySummary, ...rule }: Rule, names: readonly string[]): Rule {
  if (!names.includes(rule.name)) return rule;
  return { ...rule, recoverySummary: recoverySummary ?? `{service} ${rule.name.replaceAll('_', ' ')} recovered` };
}

/** Visits every target in the rhythm of the scenario; an answer unlike the last one is confirmed sooner. */
function createProber(env: ScenarioEnv, observe: (observations: readonly Observation[]) => void) {
  const { config } = env;
  const last = new Map<string, boolean>();
  let round = 0;
  let timers: object[] = [];
  const visit = (target: string, mine: number, kind: 'visit' | 'confirmation'): void => {
    const startedAt = env.mono();
    env.probe(target, (answer) => {
      if (mine !== round) return;
      const tookSeconds = env.mono() - startedAt;
      if (tookSeconds > config.probe_timeout_s + 1) return kind === 'visit' ? undefined : visit(target, mine, kind);
      const isGood = answer.ok && answer.status !== 'down';
      const isNews = isGood !== (last.get(target) ?? true);
      last.set(target, isGood);
      observe(observationsOf(target, answer, env.wall() * 1000));
      if (isNews) timers.push(env.setTimer(config.reprobe_s, () => visit(target, mine, 'confirmation')));
    });
  };
  const beat = (mine: number): void => {
    if (mine !== round) return;
    for (const target of env.targets) visit(target, mine, 'visit');
    timers = [env.setTimer(config.poll_s, () => beat(mine)), ...timers.slice(-2 * env.targets.length)];
  };
  return {
    start: () => {
      round += 1;
      last.clear();
      beat(round);
    },
    stop: () => {
      round += 1;
      for (const timer of timers) env.clearTimer(timer);
      timers = [];
    },
  };
}

function observationsOf(service: string, answer: ProbeAnswer, at: number): readonly Observation[] {
  const say = (signal: string, value: number, labels: Record<string, string> = {}, detail?: string): Observation => ({
    service,
    signal,
    labels,
    value,
    at,
    ...(detail === undefined ? {} : { detail }),
  });
  if (!answer.ok) {
    return [say('up', 0, { reason: REASONS[answer.kind] ?? answer.kind }, answer.detail ?? answer.kind)];
  }
  const isDown = answer.status === 'down';
  const { metrics } = answer;
  const isUsable = metrics !== undefined && metrics.age_s <= 30;
  return [
    isDown ? say('up', 0, { reason: 'down' }, answer.detail ?? 'the service says it is down') : say('up', 1),
    ...(isUsable
      ? [say('operations', metrics.total, { window: '300' }), say('errors', metrics.errors, { window: '300' })]
      : []),
    ...(answer.readings ?? []).map(({ id, duration_s, done }) =>
      say('reading_seconds', duration_s, { id, state: done ? 'done' : 'running' }),
    ),
  ];
}

const KINDS = {
  telegram: telegramNotifier,
  slack: slackNotifier,
  pagerduty: pagerDutyNotifier,
} as const;

/** The shipped notifier of a kind; only its HTTP request goes to the harness. */
function createSink(env: ScenarioEnv, sink: string): Notifier {
  const configure = (request: HttpRequest): Notifier => {
    const deps = { request };
    if (sink === 'telegram') return KINDS.telegram.configure({ token: '1:scenario', chatId: '1' }, deps);
    if (sink === 'slack') return KINDS.slack.configure({ url: 'http://slack.test/hook' }, deps);
    return KINDS.pagerduty.configure({ routingKey: 'r'.repeat(32) }, deps);
  };
  const shape = configure(() => Promise.reject(new Error('unused')));
  return {
    ...shape,
    // Which ends are told is the scenario's choice (recovered_for), not the channel's.
    isStateful: false,
    send: (notice, signal) => configure((call) => carry(env, sink, notice, call.body)).send(notice, signal),
  };
}

function carry(env: ScenarioEnv, sink: string, notice: Notice, body: string): ReturnType<HttpRequest> {
  const payload = JSON.parse(body) as { text?: string; parse_mode?: string; payload?: { summary: string } };
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
    env.send(sink, message, (answer: SinkAnswer) => {
      if (answer.error !== undefined) return reject(new Error(answer.error));
      const isTaken = sink !== 'telegram' && answer.status === 200 && (answer.body as { ok?: boolean }).ok === true;
      const status = isTaken && sink === 'pagerduty' ? 202 : (answer.status ?? 0);
      const text = isTaken ? (sink === 'slack' ? 'ok' : '{"status":"success"}') : JSON.stringify(answer.body ?? null);
      const headers: Record<string, string> =
        answer.retry_after === undefined ? {} : { 'retry-after': String(answer.retry_after) };
      return resolve({ status, headers, body: typeof answer.body === 'string' && !isTaken ? answer.body : text });
    });
  });
}
