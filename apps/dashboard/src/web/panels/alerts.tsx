import { useState } from 'react';
import type { AlertStep, SilenceSummary } from '../../contract/alerts.js';
import { CallFault } from '../call.js';
import { formatExact } from '../format-time.js';
import { usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { AlertActions } from '../parts/AlertActions.js';
import { AlertDetail } from '../parts/AlertDetail.js';
import { AlertRow, severityMark } from '../parts/AlertRow.js';
import { Block } from '../parts/Block.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { Link } from '../parts/Link.js';
import { StatusMark } from '../parts/StatusMark.js';
import { usePoll } from '../use-poll.js';

function Alerts({ item }: { readonly item: string | null }) {
  return item === null ? <AlertList /> : <AlertDetail id={item} />;
}

function AlertList() {
  const { call } = usePage();
  const { reply, fault, again } = usePoll('alerts', (signal) => call('alerts', {}, signal));
  if (reply === null)
    return <Headline status="no_data" text={fault === null ? 'Looking for alerts …' : fault.message} />;
  const count = reply.open.length;
  return (
    <>
      <Headline
        status={count === 0 ? 'healthy' : 'down'}
        text={count === 0 ? 'No alert is open.' : count === 1 ? 'One alert is open.' : `${count} alerts are open.`}
      />
      {count > 0 && (
        <ul className="alert-list">
          {reply.open.map((alert) => (
            <AlertRow key={alert.id} alert={alert} actions={<AlertActions alert={alert} onDone={again} />} />
          ))}
        </ul>
      )}
      {reply.silences.length > 0 && <Silences silences={reply.silences} onDone={again} />}
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
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">Service</th>
                <th scope="col" className="side">
                  Rule
                </th>
                <th scope="col" className="side">
                  Detail
                </th>
              </tr>
            </thead>
            <tbody>
              {reply.history.map((step) => (
                <Step key={`${step.alert_id} ${step.at} ${step.kind}`} step={step} />
              ))}
            </tbody>
          </table>
        )}
      </Block>
    </>
  );
}

function Step({ step }: { readonly step: AlertStep }) {
  const good = step.kind === 'resolved' || step.kind === 'closed' || step.kind === 'dismissed';
  return (
    <tr>
      <td className="nowrap">
        <Ago at={step.at} />
      </td>
      <td>
        <StatusMark
          mark={good ? 'healthy' : severityMark({ severity: step.severity, silenced_until: null })}
          word={step.kind.replaceAll('_', ' ')}
        />
      </td>
      <td>{step.service}</td>
      <td className="side">
        <Link to={{ place: 'alerts', item: step.alert_id }}>{step.rule}</Link>
      </td>
      <td className="dim wrap side">{step.detail ?? ''}</td>
    </tr>
  );
}

function Silences({ silences, onDone }: { readonly silences: readonly SilenceSummary[]; readonly onDone: () => void }) {
  const { call, session, signIn } = usePage();
  const [fault, setFault] = useState<string | null>(null);
  const end = async (id: string): Promise<void> => {
    try {
      await call('deleteSilence', { id });
      onDone();
    } catch (error) {
      setFault(error instanceof CallFault ? error.message : 'It failed; the page does not know why.');
    }
  };
  return (
    <Block title="Silences">
      {fault !== null && (
        <p className="bad" role="alert">
          {fault}
        </p>
      )}
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Holds</th>
            <th scope="col">Until</th>
            <th scope="col">By</th>
            <th scope="col" className="side">
              Why
            </th>
            <th scope="col">
              <span className="hidden">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {silences.map((silence) => (
            <tr key={silence.id}>
              <th scope="row">
                {[silence.rule ?? 'every rule', silence.service ?? 'every service', silence.severity]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </th>
              <td title={formatExact(silence.ends_at)}>
                {new Date(silence.ends_at).toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'short' })}
              </td>
              <td>{silence.created_by}</td>
              <td className="dim wrap side">{silence.comment}</td>
              <td className="number">
                <button
                  type="button"
                  className="button"
                  onClick={() => (session?.may === 'change' ? void end(silence.id) : signIn())}
                >
                  End
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Block>
  );
}

export const alerts = { id: 'alerts', place: 'alerts', title: 'Alerts', key: 'a', Panel: Alerts } as const;
