import { type SyntheticEvent, useState } from 'react';
import { type LogLevel, type LogLine, logLevels } from '../../contract/logs.js';
import { formatBytes, formatMs } from '../format-number.js';
import { formatExact } from '../format-time.js';
import { usePage } from '../page-context.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { StatusMark } from '../parts/StatusMark.js';
import type { Mark } from '../parts/StatusShape.js';
import { usePoll } from '../use-poll.js';

const fields = ['text', 'level', 'service', 'user', 'action', 'from', 'to'] as const;
const marks: Readonly<Record<LogLevel, Mark>> = {
  DEBUG: 'no_data',
  INFO: 'info',
  WARN: 'degraded',
  ERROR: 'down',
  CRITICAL: 'down',
};

function Logs() {
  const { call, route, go } = usePage();
  const chosen = Object.fromEntries(
    fields.flatMap((field) => (route.params.has(field) ? [[field, route.params.get(field)]] : [])),
  );
  const follow = route.params.get('follow') !== 'off';
  // What the address says is checked by the server; its answer names the field that is wrong.
  const { reply, fault } = usePoll(
    JSON.stringify([chosen, follow]),
    (signal) => call('logs', { limit: 200, ...chosen }, signal),
    follow ? 5000 : 600_000,
  );
  const search = (form: HTMLFormElement) => {
    const entered = [...new FormData(form)].flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [],
    );
    const span = (['from', 'to'] as const).flatMap((name) =>
      route.params.has(name) ? [[name, route.params.get(name) ?? ''] as const] : [],
    );
    go({ place: 'logs', params: new Map([...entered, ...span]) }, 'replace');
  };
  const onSubmit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    search(event.currentTarget);
  };
  return (
    <>
      <Headline
        status={fault === null ? 'healthy' : 'no_data'}
        text={fault?.message ?? sentence(reply?.lines.length ?? null, reply?.complete ?? true)}
      />
      <form className="filters" role="search" onSubmit={onSubmit} key={JSON.stringify(chosen)}>
        <label className="field grow">
          Text
          <input name="text" type="search" defaultValue={chosen['text'] ?? ''} maxLength={200} data-search="" />
        </label>
        <label className="field">
          Level
          <select
            name="level"
            defaultValue={chosen['level'] ?? ''}
            onChange={(event) => event.currentTarget.form !== null && search(event.currentTarget.form)}
          >
            <option value="">all</option>
            {logLevels.map((level) => (
              <option key={level} value={level}>
                {level} and above
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          Service
          <select
            name="service"
            defaultValue={chosen['service'] ?? ''}
            onChange={(event) => event.currentTarget.form !== null && search(event.currentTarget.form)}
          >
            <option value="">all</option>
            {(reply?.services ?? []).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          User
          <input name="user" defaultValue={chosen['user'] ?? ''} maxLength={200} />
        </label>
        <label className="field">
          Action
          <input name="action" defaultValue={chosen['action'] ?? ''} maxLength={200} />
        </label>
        <button type="submit" className="button primary">
          Search
        </button>
        {route.params.has('from') && (
          <button type="button" className="button" onClick={() => go({ place: 'logs' })}>
            Any time
          </button>
        )}
      </form>
      {reply?.folder === 'unreadable' && (
        <Empty
          text="The folder of logs cannot be read. Start the dashboard with the folder your services write to:"
          line="LOG_DIR=/path/to/logs npm start"
        />
      )}
      {reply?.folder === 'readable' && reply.lines.length === 0 && <Empty text="No line matches." />}
      {reply !== null && reply.lines.length > 0 && (
        <ul className="log">
          {reply.lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ul>
      )}
      {reply !== null && !reply.complete && (
        <p className="dim">
          Older lines exist; {formatBytes(reply.scanned_bytes)} were looked at. Narrow the search to reach them.
        </p>
      )}
    </>
  );
}

function sentence(count: number | null, complete: boolean): string {
  if (count === null) return 'Reading the logs …';
  if (count === 0) return 'No line matches.';
  return `${complete ? '' : 'The newest '}${count} ${count === 1 ? 'line' : 'lines'}.`;
}

function Line({ line }: { readonly line: LogLine }) {
  const [open, setOpen] = useState(false);
  return (
    <li className="log-line">
      <span className="dim nowrap" title={line.at === null ? 'This line carries no instant' : formatExact(line.at)}>
        {line.at === null ? '–' : new Date(line.at).toLocaleTimeString('en-GB')}
      </span>
      <StatusMark mark={marks[line.level ?? 'DEBUG']} word={line.level ?? 'text'} />
      <span className="dim log-service">{line.service}</span>
      <span className="log-message">
        {line.message}
        {line.action !== null && <span className="dim"> {line.action}</span>}
        {line.duration_ms !== null && <span className="dim"> {formatMs(line.duration_ms)}</span>}
        {line.user_id !== null && <span className="dim"> user {line.user_id}</span>}
        {line.rest !== '' && (
          <button type="button" className="button quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'less' : 'more'}
          </button>
        )}
        {open && <code className="log-rest">{line.rest}</code>}
      </span>
    </li>
  );
}

export const logs = { id: 'logs', place: 'logs', title: 'Logs', key: 'l', Panel: Logs } as const;
