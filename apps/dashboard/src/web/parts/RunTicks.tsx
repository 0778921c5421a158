import type { JobRun } from '@nps/oracle-metrics/contract';
import { memo } from 'react';

const WIDTH = 6;
const HEIGHT = 20;
const SHOWN = 24;

/** The newest runs of a job, oldest left: height is how long it took, colour and gap how it ended. */
export const RunTicks = memo(function RunTicks({ runs }: { readonly runs: readonly JobRun[] }) {
  const shown = runs.slice(0, SHOWN).toReversed();
  const longest = Math.max(0.001, ...shown.map(({ duration_seconds: seconds }) => seconds ?? 0));
  const bad = shown.filter(({ status }) => status === 'failed' || status === 'lost').length;
  const text = `The last ${shown.length} runs: ${bad === 0 ? 'none failed' : `${bad} did not succeed`}`;
  return (
    <svg className="run-ticks" viewBox={`0 0 ${SHOWN * WIDTH} ${HEIGHT}`} role="img" aria-label={text}>
      <title>{text}</title>
      {shown.map(({ id, status, duration_seconds: seconds }, index) => {
        const failed = status === 'failed' || status === 'lost';
        // What failed stands at full height: it must not hide because it was quick.
        const height = failed ? HEIGHT : 4 + ((seconds ?? 0) / longest) * (HEIGHT - 4);
        const x = (SHOWN - shown.length + index) * WIDTH;
        return (
          <rect key={id} className={`run-${status}`} x={x} y={HEIGHT - height} width={WIDTH - 2} height={height} />
        );
      })}
    </svg>
  );
});
