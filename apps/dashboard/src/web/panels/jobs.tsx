import type { JobRun } from '@nps/oracle-metrics/contract';
import { useMemo } from 'react';
import type { JobLine } from '../../contract/jobs.js';
import { formatCount, formatMs, formatPercent } from '../format-number.js';
import { usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { Block } from '../parts/Block.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { JobMark } from '../parts/JobMark.js';
import { RunTicks } from '../parts/RunTicks.js';
import { Table } from '../parts/Table.js';
import { usePoll } from '../use-poll.js';

/** How many runs the list shows; the ticks use all that were read. */
const LISTED = 50;

/** Did every job run, and was it as always? */
export function Jobs() {
  const { call } = usePage();
  const { reply, fault } = usePoll('jobs', (signal) => call('jobs', { limit: 200 }, signal));
  const runs = reply?.runs;
  const byJob = useMemo(() => groupByJob(runs ?? []), [runs]);
  if (reply === null)
    return <Headline status="no_data" text={fault === null ? 'Looking at the jobs …' : fault.message} />;
  const bad = reply.jobs.filter(({ last_status: status }) => status === 'failed' || status === 'lost');
  return (
    <>
      <Headline
        status={reply.jobs.length === 0 ? 'no_data' : bad.length > 0 ? 'down' : 'healthy'}
        text={sentence(reply.jobs, bad)}
        why={
          byJob.get(bad[0]?.job_name ?? '')?.find(({ error_message: error }) => error !== null)?.error_message ?? null
        }
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
        <JobTable jobs={reply.jobs} byJob={byJob} />
      )}
      {reply.runs.length > 0 && <Runs runs={reply.runs.slice(0, LISTED)} />}
    </>
  );
}

function JobTable({
  jobs,
  byJob,
}: {
  readonly jobs: readonly JobLine[];
  readonly byJob: ReadonlyMap<string, readonly JobRun[]>;
}) {
  return (
    <Table
      label="Jobs"
      rows={jobs}
      keyOf={({ job_name: name }) => name}
      columns={[
        { head: 'Job', kind: 'name', cell: ({ job_name: name }) => name },
        {
          head: 'Service',
          side: true,
          cell: ({ service }) => service ?? '–',
          title: ({ service }) =>
            service === null ? 'Its runs name no service: give one in their metadata' : undefined,
        },
        { head: 'Last run', cell: ({ last_status: status }) => <JobMark status={status} /> },
        { head: 'When', cell: ({ last_run: at }) => <Ago at={at} /> },
        {
          head: 'Newest runs',
          side: true,
          cell: ({ job_name: name }) => <RunTicks runs={byJob.get(name) ?? NONE} />,
        },
        { head: 'Runs', kind: 'number', cell: ({ total_runs: runs }) => formatCount(runs) },
        { head: 'Succeeded', kind: 'number', cell: ({ success_rate: rate }) => formatPercent(rate) },
        {
          head: 'Takes',
          kind: 'number',
          side: true,
          cell: ({ avg_duration_seconds: seconds }) => formatMs(toMs(seconds)),
          title: () => 'On average',
        },
      ]}
    />
  );
}

const NONE: readonly JobRun[] = [];

function groupByJob(runs: readonly JobRun[]): ReadonlyMap<string, readonly JobRun[]> {
  const byJob = new Map<string, JobRun[]>();
  for (const run of runs) {
    const own = byJob.get(run.job_name);
    if (own === undefined) byJob.set(run.job_name, [run]);
    else own.push(run);
  }
  return byJob;
}

function Runs({ runs }: { readonly runs: readonly JobRun[] }) {
  return (
    <Block title="Newest runs">
      <Table
        label="Newest runs"
        rows={runs}
        keyOf={({ id }) => id}
        columns={[
          { head: 'Started', cell: ({ started_at: at }) => <Ago at={at} /> },
          { head: 'Job', kind: 'name', cell: ({ job_name: name }) => name },
          { head: 'Result', cell: ({ status }) => <JobMark status={status} /> },
          { head: 'Took', kind: 'number', cell: ({ duration_seconds: seconds }) => formatMs(toMs(seconds)) },
          { head: 'Error', kind: 'words', side: true, cell: ({ error_message: error }) => error ?? '' },
        ]}
      />
    </Block>
  );
}

function sentence(jobs: readonly JobLine[], bad: readonly JobLine[]): string {
  if (jobs.length === 0) return 'No job has run yet.';
  const names = bad.slice(0, 3).map(({ job_name: name }) => name);
  if (bad.length > 3) names.push(`${bad.length - 3} more`);
  if (bad.length > 0) return `${names.join(', ')} did not succeed the last time.`;
  return jobs.length === 1 ? 'The job succeeded the last time.' : `All ${jobs.length} jobs succeeded the last time.`;
}

function toMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}
