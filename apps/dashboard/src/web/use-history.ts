import { useMemo } from 'react';
import type { HistoryReply, Range } from '../contract/history.js';
import { type ChartRow, chartRows } from './charts/chart-series.js';
import { usePage } from './page-context.js';
import type { ChartSpan } from './parts/ChartFrame.js';
import { chosenRange, rangeFor } from './range.js';
import { usePoll } from './use-poll.js';

/** How often the past is asked for: it grows by a minute at a time. */
export const HISTORY_POLL_MS = 15_000;

/** The past of one service, as its charts draw it. */
export interface History {
  readonly range: Range;
  readonly reply: HistoryReply | null;
  readonly rows: readonly ChartRow[];
  readonly span: ChartSpan | null;
}

/**
 * Range and operation are those of the address.
 * @param strip the service's last 24 hours: a young service is shown over the hour or six it has
 */
export function useHistory(service: string, strip: string): History {
  const { call, route } = usePage();
  const range = chosenRange(route.params, rangeFor(strip));
  const operation = route.params.get('operation');
  const { reply } = usePoll(
    JSON.stringify([service, range, operation]),
    (signal) => call('history', { service, range, ...(operation === undefined ? {} : { operation }) }, signal),
    HISTORY_POLL_MS,
  );
  const rows = useMemo(() => (reply === null ? [] : chartRows(reply)), [reply]);
  const span = useMemo(() => (reply === null ? null : spanOf(reply)), [reply]);
  return { range, reply, rows, span };
}

function spanOf({ from, to, alerts, deploys }: HistoryReply): ChartSpan {
  return { fromMs: Date.parse(from), toMs: Date.parse(to), alerts, deploys };
}
