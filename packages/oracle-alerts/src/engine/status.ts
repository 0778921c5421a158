/** How the engine is doing, in figures. Pure. */
import type { EngineStatus } from '../engine-types.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import type { OutboxNotice } from '../store/alert-store.js';
import type { ChannelWorker } from './channel-worker.js';

/** What the status is read from. */
export interface StatusSources
  extends Pick<EngineStatus, 'role' | 'epoch' | 'store' | 'network' | 'lastEvaluationAt' | 'evaluations'> {
  readonly alerts: readonly AlertRecord[];
  readonly undelivered: readonly OutboxNotice[];
  readonly now: number;
  readonly workers: readonly ChannelWorker[];
}

/** Reads the status. */
export function readStatus({ alerts, undelivered, now, workers, ...rest }: StatusSources): EngineStatus {
  const oldest = Math.min(now, ...undelivered.map((notice) => notice.createdAt));
  return {
    ...rest,
    firing: alerts.filter((record) => record.openedAt !== null).length,
    pending: alerts.filter((record) => record.phase === 'pending').length,
    outboxAgeSeconds: (now - oldest) / 1000,
    outboxWaiting: undelivered.length,
    deliverySeconds: workers.flatMap((worker) => worker.deliverySeconds).slice(-100),
    channels: workers.map((worker) => worker.status()),
  };
}
