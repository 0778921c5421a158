/** Those who want to hear that something happened. */
export interface Subscribers {
  /** Calls everyone; what one of them throws reaches `onError` and nobody else. */
  tell(): void;
  /** Returns how to stop. */
  subscribe(listener: () => void): () => void;
}

export function createSubscribers(onError: ((error: unknown) => void) | undefined): Subscribers {
  const listeners = new Set<() => void>();
  return {
    tell() {
      for (const listener of listeners) guarded(listener, onError);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Calls a function of somebody else's; what it throws reaches `onError`, and what that throws nobody. */
export function guarded(call: () => void, onError: ((error: unknown) => void) | undefined): void {
  try {
    call();
  } catch (error) {
    try {
      onError?.(error);
    } catch {
      // A broken log must not end the checks.
    }
  }
}
