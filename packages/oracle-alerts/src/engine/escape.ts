/** Fires that their channel does not take in time go to the fallback channel as well. Pure. */
import type { Route } from '../contract/index.js';
import { digestOf } from '../pipeline/dedup-key.js';
import type { Dispatched, Tellings } from '../pipeline/dispatch.js';
import { routeAlert } from '../pipeline/routing.js';
import type { OutboxNotice, Telling } from '../store/alert-store.js';

/** What decides about an escape. */
export interface EscapeContext {
  readonly routes: readonly Route[] | undefined;
  readonly channels: readonly string[];
  readonly fallbackAfterMs: number;
  readonly cooldownMs: number;
  readonly now: number;
  /** When a channel wants to be asked again (429), in steady ms. */
  holdUntil(channel: string): number;
}

/** Copies for the fallback channels of notices that wait too long or were refused. */
export function findEscapes(notices: readonly OutboxNotice[], told: Tellings, context: EscapeContext): Dispatched {
  const copies: OutboxNotice[] = [];
  const tellings: Telling[] = [];
  for (const notice of notices) {
    if (notice.kind !== 'fire' || notice.fallbackFor !== null || !isStuck(notice, context)) continue;
    const route = routeAlert(notice, context.routes, context.channels).find(
      ({ channel }) => channel === notice.channel,
    );
    const fallback = route?.fallback ?? null;
    if (fallback === null || !context.channels.includes(fallback)) continue;
    const known = told.get(notice.key)?.get(fallback);
    const isOver = told.get(notice.key)?.get(notice.channel)?.state === 'closed';
    const isTold = known !== undefined && known.incident >= notice.incident;
    const isInCooldown =
      known?.acceptedAt !== null && known !== undefined && context.now - known.acceptedAt < context.cooldownMs;
    if (isOver || isTold || isInCooldown) continue;
    copies.push(copyFor(notice, fallback, context.now));
    tellings.push({
      key: notice.key,
      channel: fallback,
      incident: notice.incident,
      state: 'open',
      at: context.now,
      acceptedAt: known?.acceptedAt ?? null,
      refusals: 0,
    });
  }
  return { notices: copies, tellings };
}

function isStuck(notice: OutboxNotice, context: EscapeContext): boolean {
  if (notice.state === 'rejected') return true;
  if (notice.state !== 'waiting' && notice.state !== 'sending') return false;
  const deadline = notice.createdAt + context.fallbackAfterMs;
  return context.now >= deadline || context.holdUntil(notice.channel) > deadline;
}

function copyFor(notice: OutboxNotice, fallback: string, now: number): OutboxNotice {
  return {
    ...notice,
    id: `${notice.id}-${digestOf(fallback).slice(0, 8)}`,
    sequence: 0,
    channel: fallback,
    createdAt: now,
    dueAt: now,
    state: 'waiting',
    attempts: 0,
    batch: null,
    failure: null,
    fallbackFor: notice.channel,
  };
}
