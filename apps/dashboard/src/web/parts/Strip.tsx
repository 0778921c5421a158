import { memo } from 'react';
import { describeStrip, stripRuns } from '../strip-runs.js';

const HEIGHT = 18;
const tops: Readonly<Record<string, number>> = { h: 0, g: 0, d: 0, '-': 8 };
const heights: Readonly<Record<string, number>> = { h: HEIGHT, g: HEIGHT, d: HEIGHT, '-': 2 };

/** The last 24 hours, one tick per 15 minutes; runs of one status are one shape, ticks are cut by hairlines. */
export const Strip = memo(function Strip({ strip }: { readonly strip: string }) {
  const text = describeStrip(strip);
  return (
    <svg
      className="strip"
      viewBox={`0 0 ${strip.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
    >
      <title>{text}</title>
      {stripRuns(strip).map(({ letter, start, length }) => (
        <rect
          key={start}
          className={`tick-${letter === '-' ? 'none' : letter}`}
          x={start}
          y={tops[letter]}
          width={length}
          height={heights[letter]}
        />
      ))}
    </svg>
  );
});
