import { type SyntheticEvent, useState } from 'react';
import type { AcknowledgeLinkReply } from '../../contract/alerts.js';
import { CallFault } from '../call.js';
import { readField } from '../form-fields.js';
import { formatClock } from '../format-time.js';
import { readOwnName, rememberOwnName } from '../own-name.js';
import { useNowMs, usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { Pair } from '../parts/Block.js';
import { Headline } from '../parts/Headline.js';
import { Link } from '../parts/Link.js';
import { Refusal } from '../parts/Refusal.js';
import { alertSentence } from '../sentence.js';
import { formatSignal } from '../signal-value.js';
import { usePoll } from '../use-poll.js';

/** Where the link of a message leads: one alert, and one button. Looking changes nothing: previews of links look too. */
export function Acknowledge({ item }: { readonly item: string | null }) {
  const { call } = usePage();
  const token = item ?? '';
  const look = usePoll(`ack ${token}`, (signal) => call('acknowledgeLink', { token }, signal), 60_000);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { reply, fault } = look;
  const submit = async (name: string | undefined): Promise<void> => {
    rememberOwnName(name ?? '', window.localStorage);
    try {
      setRefusal(null);
      await call('acknowledgeByLink', { token, by: name });
    } catch (error) {
      setRefusal(error instanceof CallFault ? error.message : 'It failed; the page does not know why.');
    }
    look.again();
  };
  if (reply === null || fault?.kind === 'refused') {
    return (
      <>
        <Headline status="no_data" text={fault === null ? 'Looking for the alert …' : fault.message} />
        <p className="lead">
          <Link to={{ place: 'alerts' }}>All alerts</Link>
        </p>
      </>
    );
  }
  return <Standing reply={reply} refusal={refusal ?? fault?.message ?? null} onSubmit={(name) => void submit(name)} />;
}

function Standing({
  reply: { alert, unit, valid_until: validUntil },
  refusal,
  onSubmit,
}: {
  readonly reply: AcknowledgeLinkReply;
  readonly refusal: string | null;
  readonly onSubmit: (name: string | undefined) => void;
}) {
  const { zone } = usePage();
  const nowMs = useNowMs();
  const clock = (iso: string) => formatClock(iso, nowMs, zone);
  const { acknowledged_by: owner, acknowledged_until: until } = alert;
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(readField(new FormData(event.currentTarget), 'by'));
  };
  return (
    <>
      <Headline {...alertSentence(alert, nowMs, zone)} />
      <dl className="pairs one narrow">
        <Pair label="Service" value={alert.service} />
        <Pair label="Began" value={<Ago at={alert.since} />} />
        {alert.value !== null && unit !== null && unit !== 'state' && (
          <Pair label="Value" value={formatSignal(alert.value, unit)} />
        )}
        <Pair label="Who has it" value={owner === null ? 'nobody' : owner} />
        {owner !== null && until !== null && <Pair label="Until" value={clock(until)} />}
      </dl>
      {owner === null && (
        <form className="form narrow" onSubmit={submit}>
          <label className="field">
            Your name
            <input
              name="by"
              maxLength={80}
              autoComplete="name"
              placeholder="optional"
              defaultValue={readOwnName(window.localStorage)}
            />
          </label>
          <button type="submit" className="button primary">
            Acknowledge for 4 hours
          </button>
        </form>
      )}
      <Refusal text={refusal} />
      <p className="note dim">
        {owner === null
          ? `Reminders and escalation stop, the recovery is told all the same. The link is valid until ${clock(validUntil)}.`
          : 'Reminders and escalation have stopped; the recovery is told all the same.'}
      </p>
      <p className="note">
        <Link to={{ place: 'alerts', item: alert.id }}>The whole alert</Link>
      </p>
    </>
  );
}
