import { formatDuration } from '../format-time.js';
import { useNowMs, usePage } from '../page-context.js';
import { POLL_MS } from '../use-poll.js';

/** How old the figures are. Beyond two intervals it says so in the colour of a warning. */
export function Age() {
  const { status } = usePage();
  const nowMs = useNowMs();
  if (status.reply === null || status.receivedAtMs === null) return <p className="age">&nbsp;</p>;
  const ageMs = Math.max(0, nowMs - status.receivedAtMs);
  const isStale = ageMs > 2 * POLL_MS + 1000;
  return <p className={isStale ? 'age warn' : 'age'}>updated {formatDuration(ageMs)} ago</p>;
}
