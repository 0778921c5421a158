import type { ReactNode } from 'react';
import type { ShownStatus } from '../../contract/status.js';

export type Mark = ShownStatus | 'silenced' | 'info';

/** Drawn, not typed: fonts differ in which of ● ▲ ■ ◌ ⏸ they have. */
const shapes: Readonly<Record<Mark, ReactNode>> = {
  healthy: <circle cx="6" cy="6" r="5" />,
  degraded: <path d="M6 .8 11.6 11H.4z" />,
  down: <path d="M1 1h10v10H1z" />,
  no_data: <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 2" />,
  silenced: <path d="M2 1h3v10H2zM7 1h3v10H7z" />,
  info: <path d="M5 1h2v2H5zM5 5h2v6H5z" />,
};

/** A status as a shape of its own, in its own colour. The word beside it says the same. */
export function StatusShape({ mark }: { readonly mark: Mark }) {
  return (
    <svg className={`shape shape-${mark}`} viewBox="0 0 12 12" aria-hidden="true">
      {shapes[mark]}
    </svg>
  );
}
