import { type Range, ranges } from '../../contract/history.js';
import { usePage } from '../page-context.js';
import { withParam } from '../route.js';

/** 1 h, 6 h, 24 h, 7 d, 30 d; the choice stands in the address. */
export function RangePicker({ chosen }: { readonly chosen: Range }) {
  const { route, go } = usePage();
  return (
    <div className="ranges" role="group" aria-label="Range">
      {ranges.map((range) => (
        <button
          key={range}
          type="button"
          aria-pressed={range === chosen}
          onClick={() => go(withParam(route, 'range', range), 'replace')}
        >
          {range.replace(/(\d+)/, '$1 ')}
        </button>
      ))}
    </div>
  );
}
