import type { HistoryReply } from '../../contract/history.js';
import type { Series } from '../charts/chart-series.js';
import type { SeriesChartProps } from '../charts/SeriesChart.js';
import { formatMs } from '../format-number.js';
import type { History } from '../use-history.js';
import { ChartFrame } from './ChartFrame.js';

const response: readonly Series[] = [
  { field: 'p99', label: 'p99', tone: 'faint', shape: 'line' },
  { field: 'p95', label: 'p95', tone: 'middle', shape: 'line' },
  { field: 'p50', label: 'p50', tone: 'strong', shape: 'line' },
];
const SLOW = { value: 10_000, label: 'limit 10 s' };

/** Response times: p50, p95 and p99, one hue in three strengths. */
export function ResponseChart({
  history: { reply, rows, span, range },
  ...marks
}: { readonly history: History } & Pick<SeriesChartProps, 'pickedMs' | 'onPick'>) {
  return (
    <ChartFrame
      {...{ rows, span, series: response, format: formatMs, threshold: SLOW, empty: emptyText(reply) }}
      {...marks}
      title="Response time"
      scaleKey={`${reply?.service} ${reply?.operation} ${range}`}
    />
  );
}

/** Why a range has no operation in it. */
export function emptyText(reply: HistoryReply | null): string {
  if (reply?.recorded === false) return 'No history is at hand: the database does not answer, or nobody records.';
  if (reply === null || reply.operations.length === 0)
    return 'Nothing ran in this range. A minute appears here once it is over: about two minutes after the first operation.';
  return reply.operations.includes(reply.operation)
    ? 'No minute is recorded in this range yet; the first appears within two minutes.'
    : `No ${reply.operation} in this range; other operations ran: choose one above.`;
}
