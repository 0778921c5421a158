import type { ShownStatus } from '../../contract/status.js';
import { Age } from './Age.js';

const shapes: Readonly<Record<ShownStatus, string>> = { healthy: '●', degraded: '▲', down: '■', no_data: '◌' };

/** The sentence in the page's largest type, with the age of what it rests on. */
export function Headline({ status, text }: { readonly status: ShownStatus; readonly text: string }) {
  return (
    <header className="headline">
      <h1>
        <span className={`mark-${status} headline-shape`} aria-hidden="true">
          {shapes[status]}
        </span>
        {text}
      </h1>
      <Age />
    </header>
  );
}
