import { useState } from 'react';
import { CallFault } from './call.js';
import { usePage } from './page-context.js';

/** Something a person changes on the server. */
export interface Change {
  /** Whether the reader may change anything; who may not is asked to sign in. */
  readonly may: boolean;
  /** Why the last try failed, in words; `null` when it did not. */
  readonly fault: string | null;
  /** Does it, then what follows it; a refusal is kept in `fault`. */
  readonly run: (step: () => Promise<unknown>) => Promise<void>;
}

/** @param onDone after the server took it */
export function useChange(onDone: () => void): Change {
  const { session, signIn } = usePage();
  const [fault, setFault] = useState<string | null>(null);
  const may = session?.may === 'change';
  const run = async (step: () => Promise<unknown>): Promise<void> => {
    if (!may) {
      signIn();
      return;
    }
    try {
      setFault(null);
      await step();
      onDone();
    } catch (error) {
      setFault(error instanceof CallFault ? error.message : 'It failed; the page does not know why.');
    }
  };
  return { may, fault, run };
}
