import type { EngineDeps } from '../engine-types.js';
import { ChannelWorker, type WorkerPort } from './channel-worker.js';
import type { EngineSettings } from './settings.js';

/** One worker for each channel: one that hangs holds no other. */
export function createWorkers(
  settings: EngineSettings,
  deps: EngineDeps,
  port: Omit<WorkerPort, 'clock' | 'random' | 'onError'>,
): readonly ChannelWorker[] {
  const { groupThreshold, groupWaitMs, sendTimeoutMs, leaseMs, dashboardUrl } = settings;
  const { clock, random = Math.random, onError } = deps;
  return Object.entries(deps.notifiers).map(
    ([channel, notifier]) =>
      new ChannelWorker(
        { channel, notifier, groupThreshold, groupWaitMs, sendTimeoutMs, leaseMs, dashboardUrl },
        { ...port, clock, random, onError },
      ),
  );
}
