import type { AlertSummary, AlertsReply } from '../../contract/alerts.js';
import type { AlerterState, ShownStatus } from '../../contract/status.js';
import { usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { AlertActions } from '../parts/AlertActions.js';
import { AlertDetail } from '../parts/AlertDetail.js';
import { AlertRow } from '../parts/AlertRow.js';
import { Block } from '../parts/Block.js';
import { Deliveries } from '../parts/Deliveries.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { Link } from '../parts/Link.js';
import { QuietTimes } from '../parts/QuietTimes.js';
import { Checks } from '../parts/ServiceTables.js';
import { StepMark } from '../parts/StepMark.js';
import { Table } from '../parts/Table.js';
import { readable } from '../standing.js';
import { usePoll } from '../use-poll.js';

/** All alerts, or the one of the address. */
export function Alerts({ item }: { readonly item: string | null }) {
  return item === null ? <AlertList /> : <AlertDetail id={item} />;
}

function AlertList() {
  const { call, status } = usePage();
  const { reply, fault, again } = usePoll('alerts', (signal) => call('alerts', {}, signal));
  if (reply === null)
    return <Headline status="no_data" text={fault === null ? 'Looking for alerts …' : fault.message} />;
  const alerter = status.reply?.alerter;
  return (
    <>
      <Headline status={worstOf(reply.open)} text={sentence(reply)} />
      {reply.open.length > 0 && (
        <ul className="alert-list">
          {reply.open.map((alert) => (
            <AlertRow key={alert.id} alert={alert} actions={<AlertActions alert={alert} onDone={again} />} />
          ))}
        </ul>
      )}
      <History reply={reply} />
      <QuietTimes silences={reply.silences} onDone={again} />
      <Deliveries />
      {alerter !== undefined && alerter.checks.length > 0 && (
        <Checks title="The alerter itself" dependencies={inWords(alerter)} />
      )}
    </>
  );
}

function worstOf(open: readonly AlertSummary[]): ShownStatus {
  if (open.length === 0) return 'healthy';
  return open.some(({ severity }) => severity === 'critical' || severity === 'error') ? 'down' : 'degraded';
}

/** The code of its check for channels is the one for a thing that is not there. */
function inWords({ checks, channels }: AlerterState): AlerterState['checks'] {
  if (channels !== 'none') return checks;
  return checks.map((check) => (check.name === 'channels' ? { ...check, error: 'none is set up' } : check));
}

function sentence({ open, recorded }: AlertsReply): string {
  if (!recorded && open.length > 0)
    return `${open.length === 1 ? 'One alert was' : `${open.length} alerts were`} open when the database last answered.`;
  if (open.length === 0) return recorded ? 'No alert is open.' : 'No alert is known to be open.';
  const unowned = open.filter(
    ({ phase, acknowledged_by: owner, silenced_until: until }) =>
      phase !== 'pending' && owner === null && until === null,
  ).length;
  const count = open.length === 1 ? 'One alert is open' : `${open.length} alerts are open`;
  if (unowned === 0) return `${count}.`;
  return unowned === open.length
    ? `${count}, nobody has ${open.length === 1 ? 'it' : 'them'}.`
    : `${count}, ${unowned} of them without an owner.`;
}

function History({ reply }: { readonly reply: AlertsReply }) {
  return (
    <Block title="What happened">
      {reply.history.length === 0 ? (
        <Empty
          text={
            reply.recorded
              ? 'Nothing happened yet. To see an alert arrive, let the demo Oracle die:'
              : 'No alert history is at hand: start the alerter with the same DATABASE_URL.'
          }
          line={reply.recorded ? 'npm run demo -- down' : 'node apps/alerter/dist/main.js'}
        />
      ) : (
        <Table
          label="What happened, newest first"
          rows={reply.history}
          keyOf={({ alert_id: id, at, kind, incident }) => `${id} ${at} ${kind} ${incident}`}
          columns={[
            { head: 'When', cell: ({ at }) => <Ago at={at} /> },
            { head: 'What', cell: (step) => <StepMark step={step} /> },
            { head: 'Service', cell: ({ service }) => service },
            {
              head: 'Rule',
              kind: 'name',
              cell: ({ alert_id: id, rule }) => <Link to={{ place: 'alerts', item: id }}>{readable(rule)}</Link>,
            },
            { head: 'Detail', kind: 'words', side: true, cell: ({ detail }) => detail ?? '' },
          ]}
        />
      )}
    </Block>
  );
}
