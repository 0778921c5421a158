import { useMemo } from 'react';
import type { UsageReply } from '../../contract/usage.js';
import { type ChartRow, type Series, stackKinds, usageRows } from '../charts/chart-series.js';
import { formatCount, formatPercent, formatUsd, UNKNOWN } from '../format-number.js';
import { usePage } from '../page-context.js';
import { HISTORY_POLL_MS, type History } from '../use-history.js';
import { usePoll } from '../use-poll.js';
import { ChartFrame } from './ChartFrame.js';
import { emptyText, ResponseChart } from './ResponseChart.js';

const throughput: readonly Series[] = [{ field: 'perHour', label: 'operations', tone: 'count', shape: 'area' }];
const failed: readonly Series[] = [{ field: 'errorPercent', label: 'failed', tone: 'error', shape: 'area' }];
const cost: readonly Series[] = [{ field: 'cost', label: 'cost', tone: 'count', shape: 'area' }];
const UNTYPED = 'Operations failed in this range; of which type is not recorded.';
const FAILING = { value: 5, label: 'limit 5 %' };

interface ServiceChartsProps {
  readonly service: string;
  readonly history: History;
  readonly pickedMs: number | null;
  readonly onPick: (atMs: number) => void;
}

/** The past of one service on one time axis: response, throughput, error rate, errors by type, and AI where it is used. */
export function ServiceCharts({ service, history, pickedMs, onPick }: ServiceChartsProps) {
  const { call } = usePage();
  const { range, reply, rows, span } = history;
  const polled = usePoll(
    JSON.stringify(['usage', service, range]),
    (signal) => call('usage', { service, range }, signal),
    HISTORY_POLL_MS,
  );
  const usage = polled.reply;
  const errors = useStack(usage, rows, 'errors');
  const tokens = useStack(usage, rows, 'tokens');
  const marks = { pickedMs, onPick, span };
  const key = `${service} ${reply?.operation} ${range}`;
  return (
    <div className="chart-grid">
      <ResponseChart {...{ history, pickedMs, onPick }} />
      <ChartFrame
        {...{ ...marks, rows, series: throughput, format: formatPerHourAxis, empty: emptyText(reply) }}
        title="Throughput"
        scaleKey={`throughput ${key}`}
      />
      <ChartFrame
        {...{ ...marks, rows, series: failed, format: formatPercent, threshold: FAILING, empty: emptyText(reply) }}
        title="Error rate"
        scaleKey={`rate ${key}`}
      />
      <ChartFrame
        {...{ ...marks, ...errors, format: formatCount }}
        title="Errors by type"
        empty={rows.some(({ errors: count }) => (count ?? 0) > 0) ? UNTYPED : 'No error in this range.'}
        scaleKey={`errors ${key}`}
      />
      {usage !== null && usage.models.length > 0 && (
        <>
          <ChartFrame
            {...{ ...marks, ...tokens, format: formatCount }}
            title="AI tokens"
            empty="None."
            scaleKey={`tokens ${key}`}
          />
          <ChartFrame
            {...{ ...marks, rows: tokens.rows, series: cost, format: formatUsd }}
            title="AI cost"
            empty="None."
            scaleKey={`cost ${key}`}
          />
        </>
      )}
    </div>
  );
}

/** Counts by kind as stacked series; none when there was none. */
function useStack(
  usage: UsageReply | null,
  operations: readonly ChartRow[],
  what: 'errors' | 'tokens',
): { readonly rows: readonly ChartRow[]; readonly series: readonly Series[] } {
  return useMemo(() => {
    if (usage === null) return { rows: [], series: [] };
    const observed = new Set(operations.flatMap(({ atMs, p50 }) => (p50 === null ? [] : [atMs])));
    const kinds = stackKinds(what === 'errors' ? usage.error_types : usage.models);
    return {
      rows: usageRows(usage, what, observed),
      series: kinds.map(({ field, label }) => ({ field, label, tone: `kind-${field}`, shape: 'stack' })),
    };
  }, [usage, operations, what]);
}

function formatPerHourAxis(value: number | null): string {
  return value === null ? UNKNOWN : `${formatCount(value)}/h`;
}
