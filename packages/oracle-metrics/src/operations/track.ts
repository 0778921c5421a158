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
  switch (kindOf(result)) {
    case 'promise':
      endWhenSettled(run, result as unknown as Promise<unknown>);
      return result;
    case 'generator':
      run.cancel();
      return trackGenerator(start, result as unknown as Generator) as unknown as T;
    case 'async generator':
      run.cancel();
      return trackAsyncGenerator(start, result as unknown as AsyncGenerator) as unknown as T;
    case 'thenable': {
      // A lazy one (a query builder) works once per `then`: it is asked once, and the promise of that is handed on.
      const settled = Promise.resolve(result);
      endWhenSettled(run, settled);
      return settled as unknown as T;
    }
    default:
      run.end();
      return result;
  }
}

/** A result whose getters or traps throw is a value like any other: nobody asked it what it is. */
function kindOf(result: object): 'promise' | 'generator' | 'async generator' | 'thenable' | 'value' {
  try {
    if (result instanceof Promise) return 'promise';
    const tag = Object.prototype.toString.call(result);
    if (tag === '[object Generator]') return 'generator';
    if (tag === '[object AsyncGenerator]') return 'async generator';
    return 'then' in result && typeof result.then === 'function' ? 'thenable' : 'value';
  } catch {
    return 'value';
  }
}

/** The caller keeps the promise itself; this branch is handled on both sides and never rejects. */
function endWhenSettled(run: Run, promise: Promise<unknown>): void {
  promise.then(
    () => run.end(),
    (error: unknown) => run.end(failure(error)),
  );
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
