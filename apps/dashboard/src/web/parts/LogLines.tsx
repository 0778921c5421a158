import { Fragment, memo, useState } from 'react';
import type { LogLevel, LogLine } from '../../contract/logs.js';
import { formatMs } from '../format-number.js';
import { formatDay, formatExact, formatLogTime, type Zone } from '../format-time.js';
import { usePage } from '../page-context.js';
import { Link } from './Link.js';
import { StatusMark } from './StatusMark.js';
import type { Mark } from './StatusShape.js';

const marks: Readonly<Record<LogLevel, Mark>> = {
  DEBUG: 'no_data',
  INFO: 'info',
  WARN: 'degraded',
  ERROR: 'down',
  CRITICAL: 'down',
};

/** Lines of the logs; what they carry beyond the message is one click away, and leads to the lines that share it. */
export function LogLines({ lines, label }: { readonly lines: readonly LogLine[]; readonly label: string }) {
  const { zone } = usePage();
  return (
    <ul className="log" aria-label={label}>
      {lines.map((line, index) => {
        const day = dayOf(line.at, zone);
        const before = index === 0 ? dayOf(new Date().toISOString(), zone) : dayOf(lines[index - 1]?.at ?? null, zone);
        return (
          <Fragment key={line.id}>
            {day !== '' && day !== before && <li className="log-day">{day}</li>}
            <Line line={line} zone={zone} />
          </Fragment>
        );
      })}
    </ul>
  );
}

const Line = memo(function Line({ line, zone }: { readonly line: LogLine; readonly zone: Zone }) {
  const [open, setOpen] = useState(false);
  const { user_id: user, action } = line;
  return (
    <li className={`log-line level-${line.level ?? 'none'}`}>
      <span className="dim nowrap" title={line.at === null ? 'This line carries no instant' : formatExact(line.at)}>
        {line.at === null ? '–' : formatLogTime(line.at, zone)}
      </span>
      <StatusMark mark={marks[line.level ?? 'DEBUG']} word={line.level ?? 'text'} />
      <span className="dim log-service">{line.service}</span>
      <span className="log-message">
        {line.message}
        {action !== null && (
          <Link className="log-field" to={{ place: 'logs', params: new Map([['action', action]]) }}>
            {action}
          </Link>
        )}
        {line.duration_ms !== null && <span className="dim"> {formatMs(line.duration_ms)}</span>}
        {user !== null && (
          <Link className="log-field" to={{ place: 'logs', params: new Map([['user', user]]) }}>
            user {user}
          </Link>
        )}
        {line.rest !== '' && (
          <button type="button" className="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'less' : 'more'}
          </button>
        )}
        {open && <code className="log-rest">{indented(line.rest)}</code>}
      </span>
    </li>
  );
});

function dayOf(at: string | null, zone: Zone): string {
  return at === null ? '' : formatDay(at, zone);
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
