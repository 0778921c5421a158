/** The two ways a stream hands chunks to a transport; both end in its `log`. */
const writers = ['_write', '_writev'] as const;

type Write = (...args: unknown[]) => void;

/** Marks transports that are guarded, so that adding one twice does not guard it twice. */
const guarded = Symbol('guarded');

/**
 * Keeps what a transport's `log` throws away from the process: the stream calls it on a later turn of the event loop,
 * where nobody could catch it.
 */
export function guardTransport(transport: unknown, onError: (error: unknown) => void): void {
  if (typeof transport !== 'object' || transport === null || guarded in transport) return;
  Object.defineProperty(transport, guarded, { value: true });
  for (const name of writers) {
    const target = transport as Record<string, unknown>;
    const write = target[name];
    if (typeof write === 'function') target[name] = guardWrite(transport, write as Write, onError);
  }
}

function guardWrite(transport: object, write: Write, onError: (error: unknown) => void): Write {
  return (...args) => {
    const done = args.at(-1) as () => void;
    let isDone = false;
    const doneOnce = () => {
      if (isDone) return;
      isDone = true;
      done();
    };
    try {
      write.call(transport, ...args.slice(0, -1), doneOnce);
    } catch (error) {
      onError(error);
      doneOnce();
    }
  };
}
