import type { ReactNode } from 'react';
import type { StatusReply } from '../../contract/status.js';
import { formatClock, type Zone } from '../format-time.js';
import { useNowMs, usePage } from '../page-context.js';
import { Ago } from './Ago.js';
import { StatusShape } from './StatusShape.js';

/** What spoils the picture, said on every page: the server away, the database away, nobody recording, nobody told. */
export function Banners() {
  const { status, zone } = usePage();
  const nowMs = useNowMs();
  const { reply, fault, receivedAtMs } = status;
  return (
    <div className="banners" aria-live="polite">
      {fault !== null && reply !== null && (
        <Banner tone="bad">
          The dashboard’s server does not answer. What you see is from{' '}
          <Ago at={receivedAtMs === null ? null : new Date(receivedAtMs).toISOString()} />; the page tries again every 5
          s.
        </Banner>
      )}
      {reply !== null &&
        notes(reply, nowMs, zone).map((note) => (
          <Banner key={note.text} tone={note.tone}>
            {note.text}
          </Banner>
        ))}
    </div>
  );
}

interface Note {
  readonly tone: 'bad' | 'warn' | 'note';
  readonly text: string;
}

/** What a reply says about its own worth. Pure. */
export function notes(
  { database, recording, alerter, configuration }: StatusReply,
  nowMs: number,
  zone: Zone,
): readonly Note[] {
  const found: Note[] = [];
  const clock = (iso: string | null) => (iso === null ? 'an unknown time' : formatClock(iso, nowMs, zone));
  if (database.state === 'away') {
    found.push({
      tone: 'bad',
      text: `PostgreSQL is away since ${clock(database.since)}. History shows the last good figures; services are probed live.`,
    });
  } else if (recording.state === 'stale') {
    found.push({
      tone: 'warn',
      text: `Recording is stale since ${clock(recording.last_at)}: the alerter writes nothing. Services are probed live; nobody is alerted unless it runs elsewhere.`,
    });
  } else if (recording.state === 'absent') {
    found.push({
      tone: 'note',
      text: `No history is being recorded: ${database.state === 'not_configured' ? 'DATABASE_URL is not set' : 'no alerter has written to this database'}. Services are probed live.`,
    });
  }
  if (alerter.state !== 'away' && alerter.channels === 'none') {
    found.push({
      tone: 'warn',
      text: 'Nobody would be told: the alerter has no channel. Set NPS_BOT_TOKEN and NPS_CHAT_ID, or "channels" in its file.',
    });
  }
  if (alerter.state !== 'away' && alerter.channels === 'failing') {
    found.push({
      tone: 'bad',
      text: 'A channel fails: alerts may not arrive. Alerts, “Delivered”, says which and why.',
    });
  }
  if (configuration.state === 'refused') {
    found.push({
      tone: 'warn',
      text: `The configuration file is refused since ${clock(configuration.refused_since)}; the one before stays in use. Settings says what is wrong.`,
    });
  }
  return found;
}

function Banner({ tone, children }: { readonly tone: Note['tone']; readonly children: ReactNode }) {
  return (
    <p className={`banner banner-${tone}`}>
      <StatusShape mark={tone === 'bad' ? 'down' : tone === 'warn' ? 'degraded' : 'no_data'} />
      <span>{children}</span>
    </p>
  );
}
