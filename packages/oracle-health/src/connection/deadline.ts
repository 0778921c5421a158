import { HealthError } from '../errors.js';

/**
 * Runs `work` under one total time limit. The signal it gets aborts when the time is over or `outer` aborts; the
 * returned promise then rejects at once, whether or not the work obeys. A late rejection of the work is swallowed.
 * @param timeoutMs milliseconds from now
 */
export async function withDeadline<T>(
  timeoutMs: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const onOuterAbort = () => controller.abort(outer?.reason);
  const timer = setTimeout(
    () => controller.abort(new HealthError('TIMEOUT', `No complete answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  if (outer?.aborted) onOuterAbort();
  outer?.addEventListener('abort', onOuterAbort, { once: true });
  try {
    return await Promise.race([rejection(signal), start(work, signal)]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', onOuterAbort);
  }
}

async function start<T>(work: (signal: AbortSignal) => Promise<T> | T, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return work(signal);
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    // The work gets one turn to say more exactly what it was waiting for, for example DNS.
    const onAbort = () => setImmediate(() => reject(signal.reason as Error));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
