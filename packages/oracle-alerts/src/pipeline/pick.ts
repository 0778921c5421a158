/** Which notices of one channel go out next, as one message. Pure. */
import { severities } from '../contract/index.js';
import type { Pace } from '../notifier.js';
import type { OutboxNotice } from '../store/alert-store.js';

/** How a channel is used. */
export interface PickConfig {
  readonly groupThreshold: number;
  readonly groupWaitMs: number;
  readonly canMerge: boolean;
  readonly pace: Pace;
}

/** What a channel's recent past allows. */
export interface ChannelPast {
  /** The channel itself asked for silence until then. */
  readonly holdUntil: number;
  /** Instants of the messages of the last minute, oldest first. */
  readonly sentAt: readonly number[];
}

/** Either what to send now, or when to look again. */
export type Picked =
  | { readonly batch: readonly OutboxNotice[] }
  | { readonly batch: null; readonly lookAt: number | null };

const MINUTE_MS = 60_000;
/** While a storm keeps growing its message waits for so many group waits at most. */
const STORM_WAITS = 4;

/** Picks the next message of a channel. First in, first out per alert; the loudest first among alerts. */
export function pickBatch(
  notices: readonly OutboxNotice[],
  past: ChannelPast,
  config: PickConfig,
  now: number,
): Picked {
  const heads = headsOf(notices);
  if (heads.length === 0) return { batch: null, lookAt: null };
  const allowedAt = allowedFrom(past, config.pace);
  const due = heads.filter((notice) => notice.dueAt <= now).sort(byUrgency);
  const dueAt = Math.min(...heads.map((notice) => notice.dueAt));
  if (due.length === 0 || now < allowedAt) return { batch: null, lookAt: Math.max(allowedAt, dueAt) };
  const lookAts: number[] = [];
  for (const first of due) {
    const batch = gather(first, heads, past, config, now);
    const readyAt = first.attempts > 0 || batch.length < config.groupThreshold ? now : stormReadyAt(batch, config);
    if (readyAt <= now) return { batch };
    lookAts.push(readyAt);
  }
  return { batch: null, lookAt: Math.min(...lookAts) };
}

/** The oldest undelivered notice of each alert: the later ones wait for it. */
function headsOf(notices: readonly OutboxNotice[]): readonly OutboxNotice[] {
  const heads = new Map<string, OutboxNotice>();
  for (const notice of notices) {
    if (notice.state !== 'waiting' && notice.state !== 'sending') continue;
    const head = heads.get(notice.key);
    if (head === undefined || notice.sequence < head.sequence) heads.set(notice.key, notice);
  }
  return [...heads.values()].filter((notice) => notice.state === 'waiting');
}

function byUrgency(a: OutboxNotice, b: OutboxNotice): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.sequence - b.sequence;
}

function allowedFrom(past: ChannelPast, pace: Pace): number {
  const last = past.sentAt.at(-1);
  const afterGap = last === undefined ? 0 : last + (pace.gapMs ?? 0);
  const oldestThatCounts = pace.perMinute === undefined ? undefined : past.sentAt.at(-pace.perMinute);
  const afterMinute = oldestThatCounts === undefined ? 0 : oldestThatCounts + MINUTE_MS;
  return Math.max(past.holdUntil, afterGap, afterMinute);
}

/** The notices that go with one: its old batch as it was, else its group when that is large enough. */
function gather(
  first: OutboxNotice,
  heads: readonly OutboxNotice[],
  past: ChannelPast,
  config: PickConfig,
  now: number,
): readonly OutboxNotice[] {
  if (first.batch !== null) return heads.filter((notice) => notice.batch === first.batch);
  if (!config.canMerge || first.kind === 'test') return [first];
  const fresh = heads.filter((notice) => notice.batch === null && notice.kind === first.kind);
  const peers = fresh.filter((notice) => notice.rule === first.rule);
  if (peers.length >= config.groupThreshold) return peers;
  // Too much for the minute that is left: everything of this kind becomes one digest.
  const due = fresh.filter((notice) => notice.dueAt <= now);
  return due.length > 1 && due.length > roomLeft(past, config.pace, now) ? due : [first];
}

function roomLeft(past: ChannelPast, pace: Pace, now: number): number {
  if (pace.perMinute === undefined) return Number.POSITIVE_INFINITY;
  return pace.perMinute - past.sentAt.filter((at) => now - at < MINUTE_MS).length;
}

/** A storm's message goes out when no further member came for one group wait, or the first has waited four. */
function stormReadyAt(batch: readonly OutboxNotice[], config: PickConfig): number {
  const created = batch.map((notice) => notice.createdAt);
  return Math.min(Math.max(...created) + config.groupWaitMs, Math.min(...created) + config.groupWaitMs * STORM_WAITS);
}
