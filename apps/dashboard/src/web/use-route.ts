import { useCallback, useEffect, useState } from 'react';
import { formatRoute, parseRoute, type Route } from './route.js';

export interface Navigation {
  readonly route: Route;
  /** `replace` for filters: the back button should leave the page, not undo every key. */
  go(to: Partial<Route>, how?: 'push' | 'replace'): void;
}

/** The address bar as state. */
export function useRoute(): Navigation {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const onPop = () => setRoute(readRoute());
    window.addEventListener('popstate', onPop);
    return () => window.removeEventListener('popstate', onPop);
  }, []);
  const go = useCallback((to: Partial<Route>, how: 'push' | 'replace' = 'push') => {
    if (how === 'push') window.history.pushState(null, '', formatRoute(to));
    else window.history.replaceState(null, '', formatRoute(to));
    setRoute(readRoute());
    if (how === 'push') window.scrollTo(0, 0);
  }, []);
  return { route, go };
}

function readRoute(): Route {
  return parseRoute(window.location.pathname, window.location.search);
}
