import type { AlertSummary } from '../../contract/alerts.js';
import { type TimelineEntry, timelineOf } from '../alert-timeline.js';
import { formatExact, formatMoment } from '../format-time.js';
import { useNowMs, usePage } from '../page-context.js';
import { alertSentence } from '../sentence.js';
import { firesWhen } from '../signal-name.js';
import { formatSignal } from '../signal-value.js';
import { usePoll } from '../use-poll.js';
import { AlertActions } from './AlertActions.js';
import { AlertFacts } from './AlertFacts.js';
import { ownerText } from './AlertRow.js';
import { AlertSignal } from './AlertSignal.js';
import { Block } from './Block.js';
import { Empty } from './Empty.js';
import { Headline } from './Headline.js';
import { Link } from './Link.js';
import { LogAround } from './LogAround.js';
import { StatusMark } from './StatusMark.js';
import { Table } from './Table.js';

const marks = { good: 'healthy', bad: 'down', neutral: 'no_data' } as const;
const AROUND_MINUTES = 5;

/** One alert: its story in the order of time, and where to look next. */
export function AlertDetail({ id }: { readonly id: string }) {
  const { call, status } = usePage();
  const { reply, fault, again } = usePoll(`alert ${id}`, (signal) => call('alert', { id }, signal));
  const { reply: context } = usePoll(`context ${id}`, (signal) => call('alertContext', { id }, signal), 15_000);
  if (reply === null && fault?.status === 404)
    return (
      <>
        <Headline status="no_data" text="There is no such alert." />
        <p className="lead">
          <Link to={{ place: 'alerts' }}>All alerts</Link>
        </p>
      </>
    );
  if (reply === null)
    return <Headline status="no_data" text={fault === null ? 'Looking for the alert …' : fault.message} />;
  const { alert, steps, deploys } = reply;
  const isOpen = alert !== null && alert.phase !== 'ok';
  const service = alert?.service ?? steps[0]?.service ?? '';
  const since = context?.since ?? alert?.since ?? steps.at(-1)?.at ?? null;
  const judged = context?.series ?? null;
  return (
    <>
      {alert === null ? <Headline status="healthy" text={id} /> : <AlertHeadline alert={alert} />}
      {isOpen && (
        <div className="lead">
          <span>{ownerText(alert, status.reply?.alerter)}</span> <AlertActions alert={alert} onDone={again} />
        </div>
      )}
      <AlertSignal {...{ id, alert, context, deploys }} />
      <div className="columns">
        <Story entries={timelineOf(reply)} />
        <AlertFacts
          {...{ alert, service, since }}
          rule={alert?.rule ?? steps[0]?.rule ?? '–'}
          meaning={reply.meaning}
          others={context?.others ?? null}
          words={judged === null ? null : firesWhen({ ...judged, over: null })}
          value={alert === null || judged === null ? null : formatSignal(alert.value, judged.unit)}
        />
      </div>
      {since !== null && (
        <LogAround
          title="Warnings and errors around its beginning"
          service={service}
          atMs={Date.parse(since)}
          minutes={AROUND_MINUTES}
        />
      )}
    </>
  );
}

/** Apart from the rest: its "3 min" grows every second. */
function AlertHeadline({ alert }: { readonly alert: AlertSummary }) {
  const { zone } = usePage();
  return <Headline {...alertSentence(alert, useNowMs(), zone)} />;
}

function Story({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const { zone } = usePage();
  const nowMs = useNowMs();
  return (
    <Block title="What happened">
      {entries.length === 0 ? (
        <Empty text="Nothing is recorded of it." />
      ) : (
        <Table
          label="What happened, oldest first"
          rows={entries}
          keyOf={({ at, word, text }) => `${at} ${word} ${text}`}
          columns={[
            { head: 'When', cell: ({ at }) => formatMoment(at, nowMs, zone), title: ({ at }) => formatExact(at) },
            { head: 'What', cell: ({ tone, word }) => <StatusMark mark={marks[tone]} word={word} /> },
            { head: 'Detail', kind: 'words', cell: ({ text }) => text },
          ]}
        />
      )}
    </Block>
  );
}
