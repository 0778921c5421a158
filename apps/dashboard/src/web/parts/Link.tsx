import type { MouseEvent, ReactNode } from 'react';
import { usePage } from '../page-context.js';
import { formatRoute, type Route } from '../route.js';

/** A real address that changes the page without loading it anew; with a modifier key the browser does as always. */
export function Link({
  to,
  children,
  className,
  current = false,
}: {
  readonly to: Partial<Route>;
  readonly children: ReactNode;
  readonly className?: string;
  readonly current?: boolean;
}) {
  const { go } = usePage();
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={formatRoute(to)} onClick={onClick} className={className} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}
