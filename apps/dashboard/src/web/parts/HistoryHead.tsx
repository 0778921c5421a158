import { formatAvailability } from '../format-number.js';
import { usePage } from '../page-context.js';
import { withParam } from '../route.js';
import type { History } from '../use-history.js';
import { RangePicker } from './RangePicker.js';

/** What the charts below it show: of whom, which operation, over which time. */
export function HistoryHead({ history: { reply, range }, name }: { readonly history: History; readonly name: string }) {
  const { route, go } = usePage();
  const operations = reply === null ? [] : [...new Set([reply.operation, ...reply.operations])];
  return (
    <div className="history-head">
      <h2>{name}</h2>
      {operations.length > 1 ? (
        <label className="inline-field">
          <span className="hidden">Operation</span>
          <select
            value={reply?.operation ?? ''}
            onChange={(event) => go(withParam(route, 'operation', event.currentTarget.value), 'replace')}
          >
            {operations.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <span className="dim">{reply?.operation ?? ''}</span>
      )}
      <p className="dim history-uptime">
        {reply === null ? '' : `available ${formatAvailability(reply.uptime_ratio)} of the time watched`}
      </p>
      <RangePicker chosen={range} />
    </div>
  );
}
