import { createContext, useContext } from 'react';
import type { SessionReply } from '../contract/session.js';
import type { StatusReply } from '../contract/status.js';
import type { CallApi } from './call.js';
import type { Zone } from './format-time.js';
import type { Polled } from './use-poll.js';
import type { Navigation } from './use-route.js';

/** What every panel may use. */
export interface Page extends Navigation {
  readonly call: CallApi;
  readonly status: Polled<StatusReply>;
  readonly session: SessionReply | null;
  readonly zone: Zone;
  /** Opens the form; after it succeeded everything is asked anew. */
  readonly signIn: () => void;
}

export const PageContext = createContext<Page | null>(null);

/** Ticks once a second; apart from the page's context, so that only what shows ages is drawn again. */
export const NowContext = createContext<number>(0);

/** @throws Error outside the page */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('usePage is only for what is drawn inside App.');
  return page;
}

/** The present, in ms. */
export function useNowMs(): number {
  return useContext(NowContext);
}
