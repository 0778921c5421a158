import type { AlertStep } from '../../contract/alerts.js';
import type { JobLine } from '../../contract/jobs.js';
import type { Dependency, Reports } from '../../contract/status.js';
import { formatCount, formatMs, formatPercent, formatUsd } from '../format-number.js';
import { readable } from '../standing.js';
import { Ago } from './Ago.js';
import { Block, Pair } from './Block.js';
import { Empty } from './Empty.js';
import { JobMark } from './JobMark.js';
import { Link } from './Link.js';
import { markOf, StatusMark } from './StatusMark.js';
import { StepMark } from './StepMark.js';
import { Table } from './Table.js';

/** What the service depends on: state, latency, since when, last good. */
export function Checks({
  dependencies,
  title = 'Checks',
  unknown = 'This target reports no checks of its own.',
}: {
  readonly dependencies: readonly Dependency[];
  readonly title?: string;
  /** Said when there are none. */
  readonly unknown?: string;
}) {
  return (
    <Block title={title}>
      {dependencies.length === 0 ? (
        <p className="dim">{unknown}</p>
      ) : (
        <Table
          label={title}
          rows={dependencies}
          keyOf={({ name }) => name}
          columns={[
            {
              head: 'Check',
              kind: 'name',
              cell: ({ name, critical }) => (
                <>
                  {readable(name)}
                  {critical && <span className="dim"> critical</span>}
                </>
              ),
            },
            {
              head: 'State',
              cell: ({ status, error }) => (
                <StatusMark mark={markOf(status)} word={error === null ? status : `${status}: ${error}`} />
              ),
            },
            { head: 'Latency', kind: 'number', cell: ({ latency_ms: latency }) => formatMs(latency) },
            { head: 'Since', cell: ({ since }) => <Ago at={since} /> },
            {
              head: 'Last good',
              side: true,
              cell: ({ status, last_ok_at: last }) =>
                status === 'ok' ? (
                  <span className="dim">now</span>
                ) : (
                  <Ago at={last} unknown={status === 'skipped' ? 'not asked' : 'never'} />
                ),
            },
          ]}
        />
      )}
    </Block>
  );
}

/** What it did today. */
export function Usage({ health, metrics }: Reports) {
  return (
    <Block title="Usage today">
      {metrics === null ? (
        <Empty text="No metrics were reported yet." />
      ) : (
        <dl className="pairs">
          <Pair label="Readings and analyses" value={formatCount(metrics.today.total_operations)} />
          <Pair label="Users" value={formatCount(metrics.today.total_users)} />
          <Pair label="Messages" value={formatCount(metrics.today.total_messages)} />
          <Pair label="AI calls" value={formatCount(metrics.today.total_ai_tasks)} />
          <Pair label="AI tokens" value={formatCount(metrics.today.tokens_used)} />
          <Pair label="AI cost" value={formatUsd(metrics.today.cost_usd)} />
          <Pair label="Started" value={<Ago at={metrics.started_at} />} />
          <Pair label="Version" value={health?.version ?? '–'} />
        </dl>
      )}
    </Block>
  );
}

/** Its RPC methods, most called first. */
export function Methods({ rpc }: Pick<NonNullable<Reports['metrics']>, 'rpc'>) {
  const methods = Object.entries(rpc).sort(([, a], [, b]) => b.count - a.count);
  if (methods.length === 0) return null;
  return (
    <Block title="RPC, last hour">
      <Table
        label="RPC methods"
        rows={methods}
        keyOf={([method]) => method}
        columns={[
          { head: 'Method', kind: 'name', cell: ([method]) => method },
          { head: 'Calls', kind: 'number', cell: ([, { count }]) => formatCount(count) },
          {
            head: 'Failed',
            kind: 'number',
            cell: ([, { count, errors }]) => (
              <span className={errors > count / 20 ? 'bad' : ''}>
                {formatPercent(count === 0 ? null : (100 * errors) / count)}
              </span>
            ),
            title: ([, { errors, by_code: codes }]) =>
              errors === 0
                ? undefined
                : Object.entries(codes)
                    .map(([code, times]) => `${code} ${times}`)
                    .join(', '),
          },
          { head: 'p50', kind: 'number', cell: ([, { p50 }]) => formatMs(p50) },
          { head: 'p95', kind: 'number', cell: ([, { p95 }]) => formatMs(p95) },
          { head: 'p99', kind: 'number', side: true, cell: ([, { p99 }]) => formatMs(p99) },
        ]}
      />
    </Block>
  );
}

/** Its jobs: did they run, and how did it end. */
export function JobsOf({ jobs }: { readonly jobs: readonly JobLine[] }) {
  return (
    <Block title="Jobs" aside={<Link to={{ place: 'jobs' }}>All jobs</Link>}>
      <Table
        label="Jobs"
        rows={jobs}
        keyOf={({ job_name: name }) => name}
        columns={[
          { head: 'Job', kind: 'name', cell: ({ job_name: name }) => name },
          { head: 'Last run', cell: ({ last_status: status }) => <JobMark status={status} /> },
          { head: 'When', cell: ({ last_run: at }) => <Ago at={at} /> },
          { head: 'Succeeded', kind: 'number', cell: ({ success_rate: rate }) => formatPercent(rate) },
        ]}
      />
    </Block>
  );
}

/** What last happened to its alerts. */
export function LastAlerts({ steps }: { readonly steps: readonly AlertStep[] }) {
  return (
    <Block title="Last alerts" aside={<Link to={{ place: 'alerts' }}>All alerts</Link>}>
      {steps.length === 0 ? (
        <p className="dim">None is recorded.</p>
      ) : (
        <Table
          label="Last alerts"
          rows={steps.slice(0, 8)}
          keyOf={({ alert_id: id, at, kind }) => `${id} ${at} ${kind}`}
          columns={[
            { head: 'When', cell: ({ at }) => <Ago at={at} /> },
            { head: 'What', cell: (step) => <StepMark step={step} /> },
            {
              head: 'Rule',
              kind: 'name',
              cell: ({ rule, alert_id: id }) => <Link to={{ place: 'alerts', item: id }}>{readable(rule)}</Link>,
            },
            { head: 'Detail', kind: 'words', side: true, cell: ({ detail }) => detail ?? '' },
          ]}
        />
      )}
    </Block>
  );
}
