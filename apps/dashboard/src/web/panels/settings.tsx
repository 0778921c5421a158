import type { RuleSetting } from '../../contract/settings.js';
import { usePage } from '../page-context.js';
import { severityMark } from '../parts/AlertRow.js';
import { Block } from '../parts/Block.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { StatusMark } from '../parts/StatusMark.js';
import { usePoll } from '../use-poll.js';

function Settings() {
  const { call } = usePage();
  const { reply, fault } = usePoll('settings', (signal) => call('settings', {}, signal), 60_000);
  if (reply === null) return <Headline status="no_data" text={fault === null ? 'Reading the file …' : fault.message} />;
  const source =
    reply.source === 'file'
      ? 'Read from the file NPS_CONFIG names'
      : 'Read from the environment, as NPS_CONFIG names no file';
  return (
    <>
      <Headline
        status={reply.faults.length > 0 ? 'degraded' : 'healthy'}
        text={`${reply.targets.length} ${reply.targets.length === 1 ? 'target' : 'targets'}, ${reply.rules.length} rules.`}
      />
      <p className="lead dim">
        {source}. Nothing can be changed here: edit the file, and the alerter takes it up by itself.
      </p>
      {reply.faults.length > 0 && (
        <ul className="bad">
          {reply.faults.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      <Block title="What is watched">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Target</th>
              <th scope="col">Kind</th>
              <th scope="col">Address</th>
              <th scope="col" className="side">
                Depends on
              </th>
            </tr>
          </thead>
          <tbody>
            {reply.targets.map((target) => (
              <tr key={target.name}>
                <th scope="row">{target.display_name}</th>
                <td>{target.kind}</td>
                <td className="wrap">{target.address}</td>
                <td className="side">{target.depends_on.length === 0 ? '–' : target.depends_on.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Block>
      <Block title={reply.rules_from === 'file' ? 'By which rules' : 'By which rules (built in)'}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Severity</th>
              <th scope="col">Rule</th>
              <th scope="col">Fires when</th>
              <th scope="col" className="side">
                For
              </th>
            </tr>
          </thead>
          <tbody>
            {reply.rules.map((rule) => (
              <Rule key={rule.name} rule={rule} />
            ))}
          </tbody>
        </table>
      </Block>
      <Block title="Told to whom">
        {reply.channels.length === 0 ? (
          <Empty
            text="The file names no channel; the alerter then uses those of its environment:"
            line="NPS_BOT_TOKEN=… NPS_CHAT_ID=… npm start"
          />
        ) : (
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Channel</th>
                <th scope="col">Kind</th>
                <th scope="col">Gets</th>
              </tr>
            </thead>
            <tbody>
              {reply.channels.map(({ name, kind }) => {
                const routes = reply.routes.filter((route) => route.channels.includes(name));
                return (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>{kind}</td>
                    <td>
                      {reply.routes.length === 0
                        ? 'everything'
                        : routes.length === 0
                          ? 'nothing'
                          : routes
                              .map(
                                (route) =>
                                  [...route.severities, ...route.services, ...route.rules].join(', ') || 'everything',
                              )
                              .join('; ')}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </Block>
    </>
  );
}

function Rule({ rule }: { readonly rule: RuleSetting }) {
  return (
    <tr>
      <td>
        <StatusMark mark={severityMark({ severity: rule.severity, silenced_until: null })} word={rule.severity} />
      </td>
      <th scope="row">{rule.name}</th>
      <td>{rule.meaning}</td>
      <td className="side">{rule.services.length === 0 ? 'all services' : rule.services.join(', ')}</td>
    </tr>
  );
}

export const settings = { id: 'settings', place: 'settings', title: 'Settings', key: 's', Panel: Settings } as const;
