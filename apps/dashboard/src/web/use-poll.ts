import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { CallFault } from './call.js';
import { keepEqual } from './keep-equal.js';

/** What is known from asking again and again. A failure keeps the last good reply. */
export interface Polled<T> {
  readonly reply: T | null;
  /** When the last good reply came, in ms; `null` before the first. */
  readonly receivedAtMs: number | null;
  /** Why the last attempt failed; `null` when it did not. */
  readonly fault: CallFault | null;
  /** Asks at once. */
  readonly again: () => void;
}

/** The page's rhythm (D3). */
export const POLL_MS = 5000;

/**
 * Asks now and every `everyMs` afterwards, never twice at once, not at all while the page is hidden, and at once when it is
 * seen again. A new `key` starts over; the old reply stays until the new one comes, so that nothing flickers. What a new
 * reply says again keeps its identity.
 */
export function usePoll<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: number = POLL_MS,
): Polled<T> {
  const [known, setKnown] = useState<Omit<Polled<T>, 'again'>>({ reply: null, receivedAtMs: null, fault: null });
  const latestLoad = useRef(load);
  latestLoad.current = load;
  const askAgain = useRef<() => void>(() => undefined);

  useEffect(() => {
    const leaving = new AbortController();
    let timer: number | undefined;
    let asking = false;
    const ask = async (): Promise<void> => {
      if (asking || document.hidden || leaving.signal.aborted) return;
      asking = true;
      window.clearTimeout(timer);
      try {
        const reply = await latestLoad.current(leaving.signal);
        if (!leaving.signal.aborted)
          setKnown((last) => ({ reply: keepEqual(last.reply, reply), receivedAtMs: Date.now(), fault: null }));
      } catch (error) {
        const fault =
          error instanceof CallFault ? error : new CallFault('away', 'The page failed to read the answer.', 0, error);
        if (!leaving.signal.aborted) setKnown((last) => ({ ...last, fault }));
      }
      asking = false;
      if (!leaving.signal.aborted) timer = window.setTimeout(() => void ask(), everyMs);
    };
    const onVisible = () => void ask();
    askAgain.current = onVisible;
    document.addEventListener('visibilitychange', onVisible);
    void ask();
    return () => {
      leaving.abort();
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [key, everyMs]);

  const again = useCallback(() => askAgain.current(), []);
  return useMemo(() => ({ ...known, again }), [known, again]);
}
