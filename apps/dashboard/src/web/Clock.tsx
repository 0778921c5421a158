import { type ReactNode, useEffect, useState } from 'react';
import { NowContext } from './page-context.js';

/** A clock that ticks once a second while the page is seen. What it holds is not drawn again, only what reads it. */
export function Clock({ children }: { readonly children: ReactNode }) {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const tick = () => {
      if (!document.hidden) setNowMs(Date.now());
    };
    const timer = window.setInterval(tick, 1000);
    document.addEventListener('visibilitychange', tick);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, []);
  return <NowContext value={nowMs}>{children}</NowContext>;
}
