import { type Clock, createSystemClock } from '../clock.js';
import type { Message, Notice, Severity } from '../contract/index.js';
import type { NotifierDeps } from '../define-notifier.js';
import { Loops } from '../engine/loops.js';
import { createCleanText } from '../messages/clean-text.js';
import { titleOf } from '../messages/compose.js';
import { formatInstant } from '../messages/format-value.js';
import type { Delivery } from '../notifier.js';
import { telegramNotifier } from '../notifiers/telegram.js';
import { backoffMs } from '../pipeline/backoff.js';
import { digestOf } from '../pipeline/dedup-key.js';
import { type CheckableResources, checkResources, type ResourceLimits, systemResources } from './system-resources.js';

/** What the simple alerter is built from. */
export interface OracleAlerterConfig {
  /** Telegram bot token. */
  readonly botToken: string;
  readonly chatId: string;
  /** Seconds between two looks of `start()`; default 10. */
  readonly checkIntervalSeconds?: number;
  /** Seconds in which an alert of the same key is not repeated; default 300. */
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
  /** Faults of `start()`'s looks; default: ignored, the next look comes anyway. */
  onError?(error: unknown): void;
}

/** Tells one Telegram chat: no rules, no store, one call. */
export interface OracleAlerter {
  /**
   * Sends one alert. The key is what the cooldown counts by; default the severity and the message.
   * @returns true when sent, false when held by the cooldown or refused
   */
  sendAlert(severity: Severity, message: string, alertKey?: string): Promise<boolean>;
  /** Looks at disk and memory once and alerts when a limit is passed. */
  checkSystemResources(limits?: ResourceLimits): Promise<CheckableResources>;
  /** Looks at disk and memory every `checkIntervalSeconds`. */
  start(limits?: ResourceLimits): void;
  stop(): void;
}

const SEND_TIMEOUT_MS = 10_000;
const KEYS_KEPT = 1000;

/**
 * Builds the simple alerter.
 * @throws AlertsError `INVALID_CHANNEL` for a token or chat that cannot be one
 */
export function createOracleAlerter(config: OracleAlerterConfig, deps: OracleAlerterDeps = {}): OracleAlerter {
  const clock = deps.clock ?? createSystemClock();
  const notifier = telegramNotifier.configure(
    {
      token: config.botToken,
      chatId: config.chatId,
      ...(config.baseUrl === undefined ? {} : { apiUrl: config.baseUrl }),
    },
    deps,
  );
  const clean = createCleanText(deps.redact);
  const cooldownMs = (config.cooldownSeconds ?? 300) * 1000;
  const sentAtMs = new Map<string, number>();

  const sendAlert = async (
    severity: Severity,
    message: string,
    alertKey = `${severity}:${message}`,
  ): Promise<boolean> => {
    const nowMs = clock.monotonicMs();
    const last = sentAtMs.get(alertKey);
    if (last !== undefined && nowMs - last < cooldownMs) return false;
    // Taken before the answer: two calls at once are one message.
    sentAtMs.set(alertKey, nowMs);
    if (sentAtMs.size > KEYS_KEPT) sentAtMs.delete(sentAtMs.keys().next().value ?? '');
    const notice = noticeOf(severity, message, alertKey, config.service ?? 'oracle', clock.wallMs(), clean);
    const isSent = await sendPatiently(
      (attempt, signal) => notifier.send({ ...notice, attempt }, signal),
      config.attempts ?? 3,
      clock,
    );
    if (!isSent) sentAtMs.delete(alertKey);
    return isSent;
  };
  const checkSystemResources: OracleAlerter['checkSystemResources'] = async (limits = {}) => {
    const resources = await systemResources(limits.path ?? '/');
    for (const { key, text } of checkResources(resources, limits)) await sendAlert('warning', text, key);
    return resources;
  };
  const intervalMs = (config.checkIntervalSeconds ?? 10) * 1000;
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
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const abort = new AbortController();
    const deadline = clock.setTimer(SEND_TIMEOUT_MS, () => abort.abort());
    const delivery = await send(attempt, abort.signal);
    clock.clearTimer(deadline);
    if (delivery.result !== 'retry') return delivery.result === 'delivered';
    if (attempt < attempts) await pause(clock, delivery.retryAfterMs ?? backoffMs(attempt, 0.5));
  }
  return false;
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
