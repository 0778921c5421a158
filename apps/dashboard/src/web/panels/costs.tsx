import { useMemo } from 'react';
import type { CostLine } from '../../contract/costs.js';
import { pausedSteps, type Series, stackKinds, usageRows } from '../charts/chart-series.js';
import { formatCount, formatMs, formatUsd } from '../format-number.js';
import { usePage } from '../page-context.js';
import { Ago } from '../parts/Ago.js';
import { ChartFrame } from '../parts/ChartFrame.js';
import { Empty } from '../parts/Empty.js';
import { Headline } from '../parts/Headline.js';
import { Link } from '../parts/Link.js';
import { RangePicker } from '../parts/RangePicker.js';
import { Table } from '../parts/Table.js';
import { chosenRange, rangeFor } from '../range.js';
import { HISTORY_POLL_MS } from '../use-history.js';
import { usePoll } from '../use-poll.js';

/** What do the AI calls cost, and where is the month heading? */
export function Costs() {
  const { call } = usePage();
  const { reply, fault } = usePoll('costs', (signal) => call('costs', {}, signal));
  if (reply === null) return <Headline status="no_data" text={fault === null ? 'Adding up …' : fault.message} />;
  if (reply.lines.every(isWithoutUse)) {
    return (
      <>
        <Headline
          status="no_data"
          text={reply.lines.length === 0 ? 'No service reports AI usage.' : 'No AI call was recorded yet.'}
        />
        <Empty
          text="Record what each call used; the price table knows the published models:"
          line="metrics.recordTokens({ model, input, output, cacheRead, cacheWrite })"
        />
      </>
    );
  }
  const unknown = reply.lines.reduce((sum, { cost_unknown_calls: calls }) => sum + calls, 0);
  return (
    <>
      <Headline
        status={unknown > 0 ? 'degraded' : 'healthy'}
        text={sentence(reply.lines)}
        why={
          unknown > 0
            ? `${formatCount(unknown)} calls used a model without a price; they are in none of these sums. Give it one in the price table.`
            : null
        }
      />
      <CostTable lines={reply.lines} />
      <Past />
    </>
  );
}

function isWithoutUse({
  total_tokens: tokens,
  this_month_usd: month,
  cost_unknown_calls: unpriced,
}: CostLine): boolean {
  return tokens === 0 && (month ?? 0) === 0 && unpriced === 0;
}

function sentence(lines: readonly CostLine[]): string {
  const sum = (pick: (line: CostLine) => number | null): number | null => {
    const known = lines.flatMap((line) => pick(line) ?? []);
    return known.length === 0 ? null : known.reduce((total, usd) => total + usd, 0);
  };
  const month = sum(({ this_month_usd: usd }) => usd);
  const forecast = sum(({ month_forecast_usd: usd }) => usd) ?? sum(({ month_usd: usd }) => usd);
  const todayUsd = sum(({ today_usd: usd }) => usd) ?? 0;
  const today = `AI calls cost ${formatUsd(todayUsd)} today`;
  // What is recorded lags behind by a minute or two: on the first day of a history it says less than today.
  const soFar = month === null || month <= todayUsd ? '' : ` and ${formatUsd(month)} this month`;
  return `${today}${soFar}.${forecast === null ? '' : ` At this pace the month ends at ${formatUsd(forecast)}.`}`;
}

function CostTable({ lines }: { readonly lines: readonly CostLine[] }) {
  return (
    <Table
      label="AI cost by service"
      rows={lines}
      keyOf={({ service }) => service}
      columns={[
        {
          head: 'Service',
          kind: 'name',
          cell: ({ service, display_name: title }) => <Link to={{ place: 'services', item: service }}>{title}</Link>,
        },
        { head: 'Today', kind: 'number', cell: ({ today_usd: usd }) => formatUsd(usd) },
        { head: 'Tokens today', kind: 'number', cell: ({ today_tokens: tokens }) => formatCount(tokens) },
        { head: 'Calls today', kind: 'number', side: true, cell: ({ today_calls: calls }) => formatCount(calls) },
        { head: 'p95 of a call', kind: 'number', side: true, cell: ({ call_p95_ms: ms }) => formatMs(ms) },
        {
          head: 'This month',
          kind: 'number',
          cell: ({ this_month_usd: usd }) => formatUsd(usd),
          title: ({ this_month_usd: usd }) => (usd === null ? 'Nothing is recorded' : 'Since the first, UTC'),
        },
        {
          head: 'Month’s end',
          kind: 'number',
          cell: ({ month_forecast_usd: usd }) => formatUsd(usd),
          title: ({ month_forecast_usd: usd }) =>
            usd === null ? 'Nothing is recorded' : 'At the pace of its days so far',
        },
        {
          head: 'Without a price',
          kind: 'number',
          side: true,
          cell: ({ cost_unknown_calls: calls }) => (
            <span className={calls > 0 ? 'warn' : ''}>{formatCount(calls)}</span>
          ),
          title: () => 'Calls of models the price table does not know',
        },
        { head: 'Since start', kind: 'number', side: true, cell: ({ total_usd: usd }) => formatUsd(usd) },
        { head: 'Started', side: true, cell: ({ started_at: at }) => <Ago at={at} /> },
      ]}
    />
  );
}

const cost: readonly Series[] = [{ field: 'cost', label: 'cost', tone: 'count', shape: 'area' }];

/** Tokens by model and cost over time, of all services together. */
function Past() {
  const { call, route, status } = usePage();
  const first = status.reply?.services[status.reply.primary ?? ''];
  const range = chosenRange(route.params, rangeFor(first?.strip ?? ''));
  const { reply } = usePoll(`usage of all ${range}`, (signal) => call('usage', { range }, signal), HISTORY_POLL_MS);
  const tokens = useMemo<readonly Series[]>(
    () =>
      stackKinds(reply?.models ?? []).map(({ field, label }) => ({
        field,
        label,
        tone: `kind-${field}`,
        shape: 'stack',
      })),
    [reply],
  );
  const rows = useMemo(() => (reply === null ? [] : usageRows(reply, 'tokens', pausedSteps(reply))), [reply]);
  const span = useMemo(
    () =>
      reply === null ? null : { fromMs: Date.parse(reply.from), toMs: Date.parse(reply.to), alerts: [], deploys: [] },
    [reply],
  );
  const empty =
    reply?.recorded === false
      ? 'No history is at hand: the database does not answer, or nobody records.'
      : 'No AI call in this range.';
  const shown = reply !== null && reply.models.length === 0 ? [] : rows;
  return (
    <section className="history" aria-label="AI usage over time">
      <div className="history-head">
        <h2>All services</h2>
        <p className="dim history-uptime">
          {reply === null
            ? ''
            : `${formatCount(reply.total.tokens)} tokens, ${formatUsd(reply.total.cost_usd)} in this range`}
        </p>
        <RangePicker chosen={range} />
      </div>
      <div className="chart-grid">
        <ChartFrame
          {...{ span, empty }}
          rows={shown}
          series={cost}
          format={formatUsd}
          title="Cost"
          scaleKey={`cost ${range}`}
        />
        <ChartFrame
          {...{ span, empty }}
          rows={shown}
          series={tokens}
          format={formatCount}
          title="Tokens by model"
          scaleKey={`tokens ${range}`}
        />
      </div>
    </section>
  );
}
