import { memo } from 'react';
import { sparklinePath } from '../sparkline-path.js';

const WIDTH = 88;
const HEIGHT = 20;

/** The last hour of p95; decoration beside the number, hence silent for screen readers. */
export const Sparkline = memo(function Sparkline({ values }: { readonly values: readonly (number | null)[] }) {
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={sparklinePath(values, WIDTH, HEIGHT)} />
    </svg>
  );
});
