import { type Clock, createSystemClock } from '../clock.js';
import { type Message, type Notice, type Severity, severities } from '../contract/index.js';
import type { NotifierDeps } from '../define-notifier.js';
import { Loops } from '../engine/loops.js';
import { AlertsError } from '../errors.js';
import { createCleanText } from '../messages/clean-text.js';
import { titleOf } from '../messages/compose.js';
import { formatInstant } from '../messages/format-value.js';
import type { Delivery } from '../notifier.js';
import { telegramNotifier } from '../notifiers/telegram.js';
import { backoffMs } from '../pipeline/backoff.js';
import { digestOf } from '../pipeline/dedup-key.js';
import { severityOf, textOf } from './spoken.js';
import { type CheckableResources, checkResources, type ResourceLimits, systemResources } from './system-resources.js';

/** What the simple alerter is built from. */
export interface OracleAlerterConfig {
  /** Telegram bot token. */
  readonly botToken: string;
  readonly chatId: string;
  /** Seconds between two looks of `start()`, at least 1; default 10. */
  readonly checkIntervalSeconds?: number;
  /** Seconds in which an alert of the same key is not repeated, 0 for none; default 300. */
  readonly cooldownSeconds?: number;
  /** Base of Telegram's API; default `https://api.telegram.org`. */
  readonly baseUrl?: string;
  /** Attempts for one alert; default 3. */
  readonly attempts?: number;
  /** Name in the message's `Component:` line; default `oracle`. */
  readonly service?: string;
}

/** The world of the simple alerter. */
export interface OracleAlerterDeps extends NotifierDeps {
  readonly clock?: Clock;
  redact?(text: string): string;
  /** Faults of `start()`'s looks and severities that are none; default: ignored, the next look comes anyway. */
  onError?(error: unknown): void;
}

/** Tells one Telegram chat: no rules, no store, one call. */
export interface OracleAlerter {
  /**
   * Sends one alert. The key is what the cooldown counts by; default the severity and the message. A severity that is
   * none is sent as an error and reported to `onError`: a slip must not cost the alert. Never throws.
   * @returns true when sent, false when held by the cooldown, refused, or not taken within half a minute
   */
  sendAlert(severity: Severity, message: string, alertKey?: string): Promise<boolean>;
  /** Looks at disk and memory once and alerts when a limit is passed. */
  checkSystemResources(limits?: ResourceLimits): Promise<CheckableResources>;
  /** Looks at disk and memory every `checkIntervalSeconds`. */
  start(limits?: ResourceLimits): void;
  stop(): void;
}

const SEND_TIMEOUT_MS = 10_000;
/** A caller waits so long for a channel that asks for patience; what it says later is news no more. */
const MOST_PATIENCE_MS = 30_000;
const KEYS_KEPT = 1000;

/**
 * Builds the simple alerter. A call that waits for its channel, and `start()` until `stop()`, keep the process alive.
 * @throws AlertsError `INVALID_CHANNEL` for a token or chat that cannot be one, `INVALID_OPTION` for impossible seconds
 */
export function createOracleAlerter(config: OracleAlerterConfig, deps: OracleAlerterDeps = {}): OracleAlerter {
  const clock = deps.clock ?? createSystemClock({ keepsAlive: true });
  const { botToken, chatId, baseUrl, service = 'oracle', attempts = 3 } = config ?? {};
  const notifier = telegramNotifier.configure(
    { token: botToken, chatId, ...(baseUrl === undefined ? {} : { apiUrl: baseUrl }) },
    deps,
  );
  const clean = createCleanText(deps.redact);
  const cooldownMs = seconds('cooldownSeconds', config.cooldownSeconds ?? 300, 0) * 1000;
  const sentAtMs = new Map<string, number>();

  const sendAlert: OracleAlerter['sendAlert'] = async (word, text, alertKey) => {
    const severity = severityOf(word) ?? 'error';
    if (severityOf(word) === null) deps.onError?.(unknownSeverity(word));
    const message = textOf(text);
    const key = typeof alertKey === 'string' ? alertKey : `${severity}:${message}`;
    const nowMs = clock.monotonicMs();
    const last = sentAtMs.get(key);
    if (last !== undefined && nowMs - last < cooldownMs) return false;
    // Taken before the answer: two calls at once are one message.
    sentAtMs.set(key, nowMs);
    if (sentAtMs.size > KEYS_KEPT) sentAtMs.delete(sentAtMs.keys().next().value ?? '');
    const notice = noticeOf(severity, message, key, service, clock.wallMs(), clean);
    const isSent = await sendPatiently(
      (attempt, signal) => notifier.send({ ...notice, attempt }, signal),
      attempts,
      clock,
    );
    if (!isSent) sentAtMs.delete(key);
    return isSent;
  };
  const checkSystemResources: OracleAlerter['checkSystemResources'] = async (limits = {}) => {
    const resources = await systemResources(limits.path ?? '/');
    for (const { key, text } of checkResources(resources, limits)) await sendAlert('warning', text, key);
    return resources;
  };
  const intervalMs = seconds('checkIntervalSeconds', config.checkIntervalSeconds ?? 10, 1) * 1000;
  let loops: Loops | null = null;
  return {
    sendAlert,
    checkSystemResources,
    start: (limits = {}) => {
      if (loops !== null) return;
      loops = new Loops(clock);
      loops.every(
        () => intervalMs,
        async () => {
          await checkSystemResources(limits).catch((error: unknown) => deps.onError?.(error));
        },
      );
    },
    stop: () => {
      loops?.stop();
      loops = null;
    },
  };
}

async function sendPatiently(
  send: (attempt: number, signal: AbortSignal) => Promise<Delivery>,
  attempts: number,
  clock: Clock,
): Promise<boolean> {
  const giveUpMs = clock.monotonicMs() + MOST_PATIENCE_MS;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const abort = new AbortController();
    const deadline = clock.setTimer(SEND_TIMEOUT_MS, () => abort.abort());
    const delivery = await send(attempt, abort.signal);
    clock.clearTimer(deadline);
    if (delivery.result !== 'retry') return delivery.result === 'delivered';
    const waitMs = delivery.retryAfterMs ?? backoffMs(attempt, 0.5);
    if (attempt === attempts || clock.monotonicMs() + waitMs > giveUpMs) return false;
    await pause(clock, waitMs);
  }
  return false;
}

function seconds(name: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  throw new AlertsError(
    'INVALID_OPTION',
    `${name}: expected a number of seconds, at least ${least}, got ${typeof value === 'number' ? value : typeof value}`,
  );
}

function unknownSeverity(word: unknown): AlertsError {
  const came = typeof word === 'string' ? JSON.stringify(word.slice(0, 40)) : typeof word;
  return new AlertsError(
    'INVALID_OPTION',
    `severity: expected ${severities.join(', ')}, got ${came}; the alert was sent as an error. Correct the call.`,
  );
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(ms, resolve);
  });
}

function noticeOf(
  severity: Severity,
  text: string,
  key: string,
  service: string,
  wallMs: number,
  clean: (text: string, maxUnits: number) => string,
): Notice {
  const [first = '', ...rest] = text.split('\n');
  const message: Message = {
    title: titleOf(severity, clean(first, 500)),
    severity,
    services: [service],
    fields: [
      { label: 'Component', value: clean(service, 120) },
      { label: 'Time', value: formatInstant(wallMs) },
      ...rest.map((line) => ({ label: '', value: clean(line, 1000) })),
    ],
    links: [],
  };
  const id = digestOf(`${key}\n${wallMs}`);
  return {
    id,
    kind: 'fire',
    rule: 'manual',
    severity,
    alertSeverity: severity,
    services: [service],
    incident: 1,
    dedupKey: digestOf(key),
    labels: {},
    message,
    startedAt: wallMs,
    attempt: 1,
  };
}
