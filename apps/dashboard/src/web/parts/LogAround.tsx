import type { ReactNode } from 'react';
import { usePage } from '../page-context.js';
import { usePoll } from '../use-poll.js';
import { Block } from './Block.js';
import { Empty } from './Empty.js';
import { Link } from './Link.js';
import { LogLines } from './LogLines.js';

const MINUTE_MS = 60_000;
const LINES = 20;

/** Warnings and errors of one service around a moment, oldest first, and the way to all lines of those minutes. */
export function LogAround({
  title,
  service,
  atMs,
  minutes,
  note,
}: {
  readonly title: string;
  readonly service: string;
  readonly atMs: number;
  /** How far to look, before and after. */
  readonly minutes: number;
  /** Why this moment. */
  readonly note?: ReactNode;
}) {
  const { call } = usePage();
  const at = new Date(atMs).toISOString();
  const { reply, fault } = usePoll(
    JSON.stringify(['around', service, at, minutes]),
    (signal) => call('logsAround', { at, minutes, service, level: 'WARN', limit: LINES }, signal),
    30_000,
  );
  const lines = reply === null ? [] : [...reply.before, ...reply.after];
  const instant = (ms: number) => new Date(ms).toISOString();
  const span = [
    ['service', service],
    ['from', instant(atMs - minutes * MINUTE_MS)],
    ['to', instant(atMs + minutes * MINUTE_MS)],
  ] as const;
  const aside = (
    <>
      {note !== undefined && <span className="dim">{note}</span>}
      <Link to={{ place: 'logs', params: new Map(span) }}>All lines of ± {minutes} min</Link>
    </>
  );
  return (
    <Block title={title} aside={aside}>
      {reply === null ? (
        <p className="dim">{fault === null ? 'Reading the log …' : fault.message}</p>
      ) : reply.folder === 'unreadable' ? (
        <Empty
          text="The folder of logs cannot be read. Start the dashboard with the one your services write to:"
          line="LOG_DIR=/path/to/logs npm start"
        />
      ) : lines.length === 0 ? (
        <p className="dim">The log has no warning and no error of {service} then.</p>
      ) : (
        <LogLines lines={lines} label={title} />
      )}
    </Block>
  );
}
