import type { JobStatus } from '@nps/oracle-metrics/contract';
import { formatCount, formatMs, formatPercent } from '../format-number.js';
import { usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { Block } from '../parts/Block.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { StatusMark } from '../parts/StatusMark.js';
import type { Mark } from '../parts/StatusShape.js';
import { usePoll } from '../use-poll.js';

const marks: Readonly<Record<JobStatus, Mark>> = {
  running: 'info',
  success: 'healthy',
  failed: 'down',
  lost: 'degraded',
};

function Jobs() {
  const { call } = usePage();
  const { reply, fault } = usePoll('jobs', (signal) => call('jobs', {}, signal));
  if (reply === null)
    return <Headline status="no_data" text={fault === null ? 'Looking at the jobs …' : fault.message} />;
  const bad = reply.jobs.filter(({ last_status: status }) => status === 'failed' || status === 'lost');
  return (
    <>
      <Headline
        status={reply.jobs.length === 0 ? 'no_data' : bad.length > 0 ? 'down' : 'healthy'}
        text={sentence(
          reply.jobs.length,
          bad.map(({ job_name: name }) => name),
        )}
      />
      {reply.jobs.length === 0 ? (
        <Empty
          text={
            reply.recorded
              ? 'No job has reported a run. Wrap one in your service:'
              : 'No job history is at hand: the database does not answer or has no job table yet.'
          }
          line="await monitor.monitorJob('nightly-cleanup', {}, () => cleanUp())"
        />
      ) : (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Job</th>
              <th scope="col">Last run</th>
              <th scope="col">When</th>
              <th scope="col" className="number">
                Runs
              </th>
              <th scope="col" className="number">
                Succeeded
              </th>
              <th scope="col" className="number side">
                Average
              </th>
            </tr>
          </thead>
          <tbody>
            {reply.jobs.map((job) => (
              <tr key={job.job_name}>
                <th scope="row" className="wrap">
                  {job.job_name}
                </th>
                <td>
                  {job.last_status === null ? '–' : <StatusMark mark={marks[job.last_status]} word={job.last_status} />}
                </td>
                <td>
                  <Ago at={job.last_run} />
                </td>
                <td className="number">{formatCount(job.total_runs)}</td>
                <td className="number">{formatPercent(job.success_rate)}</td>
                <td className="number side">{formatMs(toMs(job.avg_duration_seconds))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {reply.runs.length > 0 && (
        <Block title="Newest runs">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Started</th>
                <th scope="col">Job</th>
                <th scope="col">Result</th>
                <th scope="col" className="number">
                  Took
                </th>
                <th scope="col" className="side">
                  Error
                </th>
              </tr>
            </thead>
            <tbody>
              {reply.runs.map((run) => (
                <tr key={run.id}>
                  <td className="nowrap">
                    <Ago at={run.started_at} />
                  </td>
                  <th scope="row" className="wrap">
                    {run.job_name}
                  </th>
                  <td>
                    <StatusMark mark={marks[run.status]} word={run.status} />
                  </td>
                  <td className="number">{formatMs(toMs(run.duration_seconds))}</td>
                  <td className="dim wrap side">{run.error_message ?? ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Block>
      )}
    </>
  );
}

function sentence(count: number, bad: readonly string[]): string {
  if (count === 0) return 'No job has run yet.';
  if (bad.length > 0) return `${bad.slice(0, 3).join(', ')} did not succeed the last time.`;
  return count === 1 ? 'The job succeeded the last time.' : `All ${count} jobs succeeded the last time.`;
}

function toMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}

export const jobs = { id: 'jobs', place: 'jobs', title: 'Jobs', key: 'j', Panel: Jobs } as const;
