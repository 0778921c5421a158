import { formatAgo, formatExact } from '../format-time.js';
import { useNowMs } from '../page-context.js';

/** "3 min ago", live, with the exact instant on hover. */
export function Ago({ at, unknown = '–' }: { readonly at: string | null; readonly unknown?: string }) {
  const nowMs = useNowMs();
  if (at === null) return <span className="dim">{unknown}</span>;
  return (
    <time dateTime={at} title={formatExact(at)}>
      {formatAgo(at, nowMs)}
    </time>
  );
}
