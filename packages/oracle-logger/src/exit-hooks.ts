import { constants } from 'node:os';

/** What somebody wants done while the process ends. Both run synchronously and must not throw. */
export interface ExitHook {
  /** Everything must be on disk when this returns. */
  readonly flush: () => void;
  /** An exception nobody caught is about to end the process. */
  readonly crash: (error: unknown, origin: string) => void;
}

// The process is one, and so is this set: one listener an event for all loggers, none when there is no logger.
const hooks = new Set<ExitHook>();

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Has `hook` run on `process.exit`, signals and uncaught exceptions, until the returned function is called. */
export function onExit(hook: ExitHook): () => void {
  if (hooks.size === 0) listen();
  hooks.add(hook);
  return () => {
    if (hooks.delete(hook) && hooks.size === 0) stopListening();
  };
}

function listen(): void {
  process.on('exit', flushAll);
  process.on('uncaughtExceptionMonitor', crashAll);
  // First in line: a service's own `process.once` listener is gone from the count by the time it has run.
  for (const signal of signals) process.prependListener(signal, endBySignal);
}

function stopListening(): void {
  process.off('exit', flushAll);
  process.off('uncaughtExceptionMonitor', crashAll);
  for (const signal of signals) process.off(signal, endBySignal);
}

function flushAll(): void {
  for (const hook of hooks) hook.flush();
}

function crashAll(error: unknown, origin: string): void {
  for (const hook of hooks) hook.crash(error, origin);
}

/** Listening to a signal takes its default effect away, so that is done here when nobody else listens. */
function endBySignal(signal: NodeJS.Signals): void {
  flushAll();
  if (process.listenerCount(signal) > 1) return;
  stopListening();
  // The kernel ignores a signal that process 1 of a container sends to itself.
  if (process.pid === 1) process.exit(128 + constants.signals[signal]);
  process.kill(process.pid, signal);
}
