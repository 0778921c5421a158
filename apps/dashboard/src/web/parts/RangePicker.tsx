import { type Range, ranges } from '../../contract/history.js';
import { usePage } from '../page-context.js';
import { withParam } from '../route.js';

/** The range of the address, 24 h when it says nothing usable. */
export function useRange(): Range {
  const chosen = usePage().route.params.get('range');
  return ranges.find((range) => range === chosen) ?? '24h';
}

/** 1 h, 6 h, 24 h, 7 d, 30 d; the choice stands in the address. */
export function RangePicker() {
  const { route, go } = usePage();
  const chosen = useRange();
  return (
    <div className="ranges" role="group" aria-label="Range">
      {ranges.map((range) => (
        <button
          key={range}
          type="button"
          aria-pressed={range === chosen}
          onClick={() => go(withParam(route, 'range', range === '24h' ? '' : range), 'replace')}
        >
          {range.replace(/(\d+)/, '$1 ')}
        </button>
      ))}
    </div>
  );
}
