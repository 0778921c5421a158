import { type SyntheticEvent, useRef, useState } from 'react';
import { logLevels } from '../../contract/logs.js';
import { readField } from '../form-fields.js';
import { formatBytes } from '../format-number.js';
import { fromLocalInput, toLocalInput } from '../format-time.js';
import { usePage } from '../page-context.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { LogLines } from '../parts/LogLines.js';
import { withParam } from '../route.js';
import { usePoll } from '../use-poll.js';

const words = ['text', 'level', 'service', 'user', 'action'] as const;
const instants = ['from', 'to'] as const;
/** What a phone shows when it is asked for. */
const rarely = ['user', 'action', ...instants] as const;
type Chosen = Readonly<Partial<Record<(typeof words)[number] | (typeof instants)[number], string>>>;

/** What did the services say? */
export function Logs() {
  const { call, route, go } = usePage();
  const chosen: Chosen = Object.fromEntries(
    [...words, ...instants].flatMap((field) => (route.params.has(field) ? [[field, route.params.get(field)]] : [])),
  );
  const follows = route.params.get('follow') !== 'off';
  // What the address says is checked by the server; its answer names the field that is wrong.
  const { reply, fault, again } = usePoll(
    JSON.stringify([chosen, follows]),
    (signal) => call('logs', { limit: 200, ...chosen } as Parameters<typeof call<'logs'>>[1], signal),
    follows ? 5000 : 3_600_000,
  );
  return (
    <>
      <Headline
        status={fault === null ? 'healthy' : 'no_data'}
        text={fault?.message ?? sentence(reply?.lines.length ?? null, reply?.complete ?? true)}
      />
      <Filters chosen={chosen} services={reply?.services ?? []} onSame={again} />
      <p className="log-state dim">
        <button
          type="button"
          className="button"
          aria-pressed={follows}
          onClick={() => go(withParam(route, 'follow', follows ? 'off' : ''), 'replace')}
        >
          {follows ? 'Stop following' : 'Follow'}
        </button>
        {follows ? 'New lines appear by themselves, newest first.' : 'The list stands still.'}
      </p>
      {reply?.folder === 'unreadable' && (
        <Empty
          text="The folder of logs cannot be read. Start the dashboard with the one your services write to:"
          line="LOG_DIR=/path/to/logs npm start"
        />
      )}
      {reply?.folder === 'readable' && reply.lines.length === 0 && (
        <Empty text="No line matches. Take a filter away, or widen the time." />
      )}
      {reply !== null && reply.lines.length > 0 && <LogLines lines={reply.lines} label="Log lines, newest first" />}
      {reply !== null && !reply.complete && (
        <p className="dim note">
          Older lines exist; {formatBytes(reply.scanned_bytes)} were looked at. Narrow the search to reach them.
        </p>
      )}
    </>
  );
}

interface FiltersProps {
  readonly chosen: Chosen;
  readonly services: readonly string[];
  /** The same search was asked for once more. */
  readonly onSame: () => void;
}

function Filters({ chosen, services, onSame }: FiltersProps) {
  const { route, go, zone } = usePage();
  const form = useRef<HTMLFormElement>(null);
  const search = () => {
    if (form.current === null) return;
    const params = readFilters(new FormData(form.current), chosen, zone);
    if (route.params.get('follow') === 'off') params.set('follow', 'off');
    if (JSON.stringify([...params]) === JSON.stringify([...route.params])) onSame();
    else go({ place: 'logs', params }, 'replace');
  };
  const onSubmit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    search();
  };
  const when = (field: 'from' | 'to') => {
    const atMs = Date.parse(chosen[field] ?? '');
    return Number.isNaN(atMs) ? '' : toLocalInput(atMs, zone);
  };
  const [showsAll, setShowsAll] = useState(rarely.some((name) => chosen[name] !== undefined));
  // Uncontrolled: the address is the state, and a new address fills the form anew.
  return (
    <form
      className={showsAll ? 'filters' : 'filters few'}
      role="search"
      ref={form}
      onSubmit={onSubmit}
      key={JSON.stringify([chosen, zone])}
    >
      <label className="field grow">
        Text
        <input name="text" type="search" defaultValue={chosen.text ?? ''} maxLength={200} data-search="" />
      </label>
      <label className="field">
        Level
        <select name="level" defaultValue={chosen.level ?? ''} onChange={search}>
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
        <select name="service" defaultValue={chosen.service ?? ''} onChange={search}>
          <option value="">all</option>
          {[...new Set([...services, ...(chosen.service === undefined ? [] : [chosen.service])])].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="field short rare">
        User
        <input name="user" defaultValue={chosen.user ?? ''} maxLength={200} />
      </label>
      <label className="field short rare">
        Action
        <input name="action" defaultValue={chosen.action ?? ''} maxLength={200} />
      </label>
      <label className="field rare">
        From
        <input name="from" type="datetime-local" defaultValue={when('from')} />
      </label>
      <label className="field rare">
        To
        <input name="to" type="datetime-local" defaultValue={when('to')} />
      </label>
      <button type="submit" className="button primary">
        Search
      </button>
      {!showsAll && (
        <button type="button" className="button more" onClick={() => setShowsAll(true)}>
          User, action, time …
        </button>
      )}
      {Object.keys(chosen).length > 0 && (
        <button type="button" className="button" onClick={() => go({ place: 'logs' })}>
          Clear
        </button>
      )}
    </form>
  );
}

/** What the form asks for. An instant that was not touched keeps its seconds, which the input cannot show. Pure. */
function readFilters(fields: FormData, chosen: Chosen, zone: 'local' | 'utc'): Map<string, string> {
  const params = new Map<string, string>();
  for (const name of words) {
    const value = readField(fields, name);
    if (value !== undefined) params.set(name, value);
  }
  for (const name of instants) {
    const shown = readField(fields, name) ?? '';
    const before = chosen[name];
    const untouched =
      before !== undefined && !Number.isNaN(Date.parse(before)) && toLocalInput(Date.parse(before), zone) === shown;
    const value = untouched ? before : fromLocalInput(shown, zone);
    if (value !== undefined) params.set(name, value);
  }
  return params;
}

function sentence(count: number | null, complete: boolean): string {
  if (count === null) return 'Reading the logs …';
  if (count === 0) return 'No line matches.';
  return `${complete ? '' : 'The newest '}${count} ${count === 1 ? 'line' : 'lines'}.`;
}
