import type { Clock, EngineStatus } from '@nps/oracle-alerts';
import axios from 'axios';
import type { HeartbeatConfig } from './config.js';
import { createRepeat } from './repeat.js';

/** Tells a watcher outside that this alerter works (dead man's switch): the watcher raises the alarm when it falls silent. */
export interface Heartbeat {
  start(): void;
  stop(): Promise<void>;
  /** Wall clock in ms of the last beat the watcher took; null before the first. */
  lastBeatAt(): number | null;
}

/** What the heartbeat needs. */
export interface HeartbeatDeps {
  readonly clock: Clock;
  /** Rejects unless the watcher took the beat. */
  readonly send: (url: string, signal: AbortSignal) => Promise<void>;
  /** Whether the last loop completed and the outbox is not stuck; otherwise no beat is sent. */
  readonly isSound: () => boolean;
  readonly onError: (error: unknown) => void;
}

const SEND_TIMEOUT_MS = 5000;

/** Builds the heartbeat; nothing is sent before `start()`. */
export function createHeartbeat(config: HeartbeatConfig, deps: HeartbeatDeps): Heartbeat {
  const abort = new AbortController();
  let lastBeatAt: number | null = null;
  const beats = createRepeat({
    clock: deps.clock,
    everyMs: config.intervalMs,
    onError: (error) => {
      if (!abort.signal.aborted) deps.onError(error);
    },
    run: async () => {
      if (!deps.isSound()) return;
      await deps.send(config.url, AbortSignal.any([abort.signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]));
      lastBeatAt = deps.clock.wallMs();
    },
  });
  return {
    start: beats.start,
    stop: () => {
      abort.abort();
      return beats.stop();
    },
    lastBeatAt: () => lastBeatAt,
  };
}

/** A notice older than this is stuck, in seconds: telling people does not work, and the watcher must hear of it. */
const STUCK_AFTER_SECONDS = 60;

/** Evaluations that may be missed before the loop counts as broken. */
const MISSED_TURNS = 3;

/** Whether the alerter does its work: it stands by, or its last loop completed and no notice is stuck. */
export function isSound(status: EngineStatus, checkIntervalMs: number, wallMs: number): boolean {
  if (status.outboxAgeSeconds > STUCK_AFTER_SECONDS || status.network === 'isolated') return false;
  if (status.role === 'standby') return true;
  return status.lastEvaluationAt !== null && wallMs - status.lastEvaluationAt <= MISSED_TURNS * checkIntervalMs + 2000;
}

/** Sends one beat: a plain GET, as Healthchecks, Better Stack and Uptime Kuma take it. */
export async function sendBeat(url: string, signal: AbortSignal): Promise<void> {
  const answer = await axios.get<string>(url, {
    signal,
    maxRedirects: 0,
    maxContentLength: 65_536,
    validateStatus: () => true,
  });
  if (answer.status >= 300) throw new Error(`the watcher answered the heartbeat with HTTP ${answer.status}`);
}
