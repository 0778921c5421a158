import type { NoticeSummary } from '../../contract/alerts.js';
import type { ChannelSummary } from '../../contract/deliveries.js';
import { formatCount, formatMs } from '../format-number.js';
import { formatExact } from '../format-time.js';
import { usePage } from '../page-context.js';
import { plainTitle } from '../sentence.js';
import { usePoll } from '../use-poll.js';
import { Ago } from './Ago.js';
import { Block } from './Block.js';
import { Link } from './Link.js';
import { StatusMark } from './StatusMark.js';
import type { Mark } from './StatusShape.js';
import { Table } from './Table.js';

const marks: Readonly<Record<NoticeSummary['state'], Mark>> = {
  waiting: 'no_data',
  sending: 'info',
  delivered: 'healthy',
  rejected: 'down',
  superseded: 'no_data',
  unconfirmed: 'degraded',
};

/** What was sent where, and what came of it: by channel, then message by message. */
export function Deliveries() {
  const { call } = usePage();
  const { reply, fault } = usePoll('deliveries', (signal) => call('deliveries', { limit: 50 }, signal), 10_000);
  return (
    <Block title="Delivered" aside={<span className="dim">channels over the last 24 h</span>}>
      {reply === null ? (
        <p className="dim">{fault === null ? 'Reading the delivery log …' : fault.message}</p>
      ) : reply.notices.length === 0 && reply.channels.length === 0 ? (
        <p className="dim">{reply.recorded ? 'Nothing was sent yet.' : 'No delivery log is at hand.'}</p>
      ) : (
        <>
          <Channels channels={reply.channels} />
          <Notices notices={reply.notices} />
        </>
      )}
    </Block>
  );
}

function Channels({ channels }: { readonly channels: readonly ChannelSummary[] }) {
  return (
    <Table
      label="Channels over the last 24 hours"
      rows={channels}
      keyOf={({ channel }) => channel}
      columns={[
        {
          head: 'Channel',
          kind: 'name',
          cell: (each) => <StatusMark mark={healthOf(each)} word={each.channel} />,
        },
        { head: 'Delivered', kind: 'number', cell: ({ delivered }) => formatCount(delivered) },
        { head: 'Waiting', kind: 'number', cell: ({ waiting }) => formatCount(waiting) },
        { head: 'Given up', kind: 'number', cell: ({ rejected }) => formatCount(rejected) },
        {
          head: 'Median delay',
          kind: 'number',
          side: true,
          cell: ({ median_latency_ms: latency }) => formatMs(latency),
        },
        { head: 'Last delivered', cell: ({ last_delivered_at: at }) => <Ago at={at} unknown="never" /> },
        {
          head: 'Last refusal',
          kind: 'words',
          side: true,
          cell: ({ last_reason: reason, last_reason_at: at }) =>
            reason === null ? (
              ''
            ) : (
              <>
                {reason}, <Ago at={at} />
              </>
            ),
        },
      ]}
    />
  );
}

function Notices({ notices }: { readonly notices: readonly NoticeSummary[] }) {
  if (notices.length === 0) return null;
  return (
    <Table
      label="Messages, newest first"
      rows={notices}
      keyOf={({ id, channel }) => `${id} ${channel}`}
      columns={[
        { head: 'Decided', cell: ({ created_at: at }) => <Ago at={at} /> },
        { head: 'Channel', side: true, cell: ({ channel }) => channel },
        {
          head: 'State',
          cell: (notice) => <StatusMark mark={marks[notice.state]} word={notice.state} />,
          title: ({ delivered_at: at, next_attempt_at: next }) =>
            at === null ? (next === null ? undefined : `Next attempt ${formatExact(next)}`) : formatExact(at),
        },
        {
          head: 'Message',
          kind: 'name',
          cell: ({ alert_id: id, kind, title }) => (
            <>
              <Link to={{ place: 'alerts', item: id }}>{plainTitle(title)}</Link>{' '}
              <span className="dim">{kind.replaceAll('_', ' ')}</span>
            </>
          ),
        },
        { head: 'Attempts', kind: 'number', side: true, cell: ({ attempts }) => formatCount(attempts) },
        { head: 'Delay', kind: 'number', cell: ({ latency_ms: latency }) => formatMs(latency) },
        { head: 'Refusal', kind: 'words', side: true, cell: ({ reason }) => reason ?? '' },
      ]}
    />
  );
}

function healthOf({
  delivered,
  rejected,
  waiting,
  last_reason_at: refusedAt,
  last_delivered_at: at,
}: ChannelSummary): Mark {
  if (refusedAt !== null && (at === null || refusedAt > at)) return rejected > 0 || waiting > 0 ? 'down' : 'degraded';
  return delivered > 0 ? 'healthy' : 'no_data';
}
