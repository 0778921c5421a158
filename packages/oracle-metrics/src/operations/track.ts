import { type Run, UNKNOWN_ERROR } from './runs.js';

/** The error as `end` wants it: never `undefined`. */
function failure(error: unknown): unknown {
  return error ?? UNKNOWN_ERROR;
}

/**
 * Runs `fn` and ends the run when its work is over: at once for a value, at settlement for a promise; a generator is
 * timed from its first `next` to its end, the consumer's time included. Result and error pass through unchanged.
 */
export function trackRun<T>(start: () => Run, fn: () => T): T {
  const run = start();
  let result: T;
  try {
    result = fn();
  } catch (error) {
    run.end(failure(error));
    throw error;
  }
  if (typeof result === 'object' && result !== null) return trackObject(start, run, result);
  run.end();
  return result;
}

function trackObject<T extends object>(start: () => Run, run: Run, result: T): T {
  if (result instanceof Promise) {
    endWhenSettled(run, result);
    return result;
  }
  switch (Object.prototype.toString.call(result)) {
    case '[object Generator]':
      run.cancel();
      return trackGenerator(start, result as unknown as Generator) as unknown as T;
    case '[object AsyncGenerator]':
      run.cancel();
      return trackAsyncGenerator(start, result as unknown as AsyncGenerator) as unknown as T;
    default:
      break;
  }
  if (!isThenable(result)) {
    run.end();
    return result;
  }
  // A lazy thenable (a query builder) works once per `then`: it is asked once, and the promise of that is handed on.
  const settled = Promise.resolve(result);
  endWhenSettled(run, settled);
  return settled as unknown as T;
}

/** The caller keeps the promise itself; this branch is handled on both sides and never rejects. */
function endWhenSettled(run: Run, promise: Promise<unknown>): void {
  promise.then(
    () => run.end(),
    (error: unknown) => run.end(failure(error)),
  );
}

function isThenable(value: object): value is PromiseLike<unknown> {
  return 'then' in value && typeof value.then === 'function';
}

function* trackGenerator(start: () => Run, generator: Generator): Generator {
  const run = start();
  try {
    return yield* generator;
  } catch (error) {
    run.end(failure(error));
    throw error;
  } finally {
    run.end();
  }
}

async function* trackAsyncGenerator(start: () => Run, generator: AsyncGenerator): AsyncGenerator {
  const run = start();
  try {
    return yield* generator;
  } catch (error) {
    run.end(failure(error));
    throw error;
  } finally {
    run.end();
  }
}
