import type { AlertStep } from '../../contract/alerts.js';
import { usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { AlertRow, severityMark } from '../parts/AlertRow.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { StatusMark } from '../parts/StatusMark.js';
import { usePoll } from '../use-poll.js';

function Alerts() {
  const { call } = usePage();
  const { reply, fault } = usePoll('alerts', (signal) => call('alerts', {}, signal));
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
            <AlertRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
      <section className="block">
        <h2>What happened</h2>
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
      </section>
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
      <td className="side">{step.rule}</td>
      <td className="dim wrap side">{step.detail ?? ''}</td>
    </tr>
  );
}

export const alerts = { id: 'alerts', place: 'alerts', title: 'Alerts', key: 'a', Panel: Alerts } as const;
