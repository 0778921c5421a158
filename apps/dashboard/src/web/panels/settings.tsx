import type { RouteSetting, RuleSetting, SettingsReply } from '../../contract/settings.js';
import { formatClock } from '../format-time.js';
import { useNowMs, usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { severityMark } from '../parts/AlertRow.js';
import { Block, Pair } from '../parts/Block.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { RuleName } from '../parts/RuleName.js';
import { StatusMark } from '../parts/StatusMark.js';
import { Table } from '../parts/Table.js';
import { firesWhen } from '../signal-name.js';
import { formatSignal } from '../signal-value.js';
import { usePoll } from '../use-poll.js';

/** What is watched, by which rule, told to whom: as the file in use says. Read-only. */
export function Settings() {
  const { call } = usePage();
  const { reply, fault } = usePoll('settings', (signal) => call('settings', {}, signal), 15_000);
  if (reply === null) return <Headline status="no_data" text={fault === null ? 'Reading the file …' : fault.message} />;
  return (
    <>
      <SettingsHeadline reply={reply} />
      <Faults reply={reply} />
      <Block title="What is watched">
        <Table
          label="Targets"
          rows={reply.targets}
          keyOf={({ name }) => name}
          columns={[
            { head: 'Target', kind: 'name', cell: ({ display_name: name }) => name },
            { head: 'Kind', cell: ({ kind }) => kind },
            { head: 'Address', kind: 'words', cell: ({ address }) => address },
            {
              head: 'Depends on',
              side: true,
              cell: ({ depends_on: on }) => (on.length === 0 ? '–' : on.join(', ')),
            },
          ]}
        />
      </Block>
      <Rules rules={reply.rules} from={reply.rules_from} />
      <Channels reply={reply} />
      <Block title="How often">
        <dl className="pairs">
          <Pair label="Every target is looked at every" value={`${reply.intervals.collect_seconds} s`} />
          <Pair label="Rules are judged every" value={`${reply.intervals.check_seconds} s`} />
          <Pair label="One alert fires again after" value={`${reply.intervals.cooldown_seconds} s`} />
        </dl>
      </Block>
    </>
  );
}

function SettingsHeadline({ reply }: { readonly reply: SettingsReply }) {
  const { zone } = usePage();
  const nowMs = useNowMs();
  const { state, refused_since: since } = reply.configuration;
  const count = (many: number, word: string) => `${many} ${word}${many === 1 ? '' : 's'}`;
  const text = `${count(reply.targets.length, 'target')}, ${count(reply.rules.length, 'rule')}, ${count(reply.channels.length, 'channel')}.`;
  const refused =
    state === 'refused'
      ? ` The changed file is refused${since === null ? '' : ` since ${formatClock(since, nowMs, zone)}`}.`
      : '';
  const wrong = state === 'refused' || reply.faults.length > 0;
  return (
    <>
      <Headline status={wrong ? 'degraded' : 'healthy'} text={`${text}${refused}`} />
      <p className="lead dim">
        {reply.source === 'file'
          ? 'Read from the file NPS_CONFIG names, '
          : 'Read from the environment, as NPS_CONFIG names no file, '}
        <Ago at={reply.configuration.read_at} />. Nothing can be changed here: edit the file, and it is taken up by
        itself.
      </p>
    </>
  );
}

/** What is wrong with the file as it is now, or with the one in use. */
function Faults({ reply: { configuration, faults } }: { readonly reply: SettingsReply }) {
  const all = [...new Set([...configuration.faults, ...faults])];
  if (all.length === 0) return null;
  return (
    <ul className="faults" aria-label="What is wrong with the file">
      {all.map((each) => (
        <li key={each}>
          <StatusMark mark="degraded" word={each} />
        </li>
      ))}
    </ul>
  );
}

function Rules({
  rules,
  from,
}: {
  readonly rules: readonly RuleSetting[];
  readonly from: SettingsReply['rules_from'];
}) {
  return (
    <Block
      title="By which rules"
      aside={<span className="dim">{from === 'file' ? 'of the file' : 'built in, as the file names none'}</span>}
    >
      <Table
        label="Rules"
        rows={rules}
        keyOf={({ name }) => name}
        columns={[
          {
            head: 'Severity',
            cell: ({ severity }) => (
              <StatusMark mark={severityMark({ severity, silenced_until: null })} word={severity} />
            ),
          },
          { head: 'Rule', kind: 'name', cell: RuleName },
          {
            head: 'Fires when',
            kind: 'words',
            cell: firesWhen,
          },
          {
            head: 'Clears at',
            kind: 'number',
            side: true,
            cell: ({ clear_threshold: clear, unit }) => (clear === null ? '' : formatSignal(clear, unit)),
          },
          { head: 'Exactly', kind: 'words', side: true, cell: ({ meaning }) => meaning },
          { head: 'Cooldown', kind: 'number', side: true, cell: ({ cooldown_seconds: seconds }) => `${seconds} s` },
          {
            head: 'Services',
            side: true,
            cell: ({ services }) => (services.length === 0 ? 'all' : services.join(', ')),
          },
        ]}
      />
    </Block>
  );
}

function Channels({ reply: { channels, routes } }: { readonly reply: SettingsReply }) {
  return (
    <Block title="Told to whom">
      {channels.length === 0 ? (
        <Empty
          text="The file names no channel; the alerter then uses those of its environment:"
          line="NPS_BOT_TOKEN=… NPS_CHAT_ID=… npm start"
        />
      ) : (
        <Table
          label="Channels"
          rows={channels}
          keyOf={({ name }) => name}
          columns={[
            { head: 'Channel', kind: 'name', cell: ({ name }) => name },
            { head: 'Kind', cell: ({ kind }) => kind },
            { head: 'Gets', kind: 'words', cell: ({ name }) => getsText(name, routes) },
            { head: 'When it fails', kind: 'words', side: true, cell: ({ name }) => fallbackText(name, routes) },
          ]}
        />
      )}
    </Block>
  );
}

function getsText(channel: string, routes: readonly RouteSetting[]): string {
  if (routes.length === 0) return 'everything';
  const own = routes.filter(({ channels }) => channels.includes(channel));
  const parts = own.map((route) => [...route.severities, ...route.services, ...route.rules].join(', ') || 'everything');
  const rescue = routes.some(({ fallback }) => fallback === channel) ? ['what another failed to deliver'] : [];
  return [...parts, ...rescue].join('; ') || 'nothing';
}

function fallbackText(channel: string, routes: readonly RouteSetting[]): string {
  const fallbacks = routes.flatMap(({ channels, fallback }) =>
    channels.includes(channel) && fallback !== null && fallback !== channel ? [fallback] : [],
  );
  return fallbacks.length === 0 ? '–' : `${[...new Set(fallbacks)].join(', ')} is told`;
}
