import type { CheckStatus } from '@nps/oracle-health/contract';
import type { ShownStatus } from '../../contract/status.js';

export type Mark = ShownStatus | 'silenced' | 'info';

const shapes: Readonly<Record<Mark, string>> = {
  healthy: '●',
  degraded: '▲',
  down: '■',
  no_data: '◌',
  silenced: '⏸',
  info: 'ℹ',
};
const words: Readonly<Record<Mark, string>> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  down: 'Down',
  no_data: 'No data',
  silenced: 'Silenced',
  info: 'Info',
};

/** A status as shape, colour and word: never by colour alone. */
export function StatusMark({ mark, word = words[mark] }: { readonly mark: Mark; readonly word?: string }) {
  return (
    <span className={`mark mark-${mark}`}>
      <span className="mark-shape" aria-hidden="true">
        {shapes[mark]}
      </span>
      <span className="mark-word">{word}</span>
    </span>
  );
}

/** The mark that stands for a check's result. */
export function markOf(status: CheckStatus): Mark {
  if (status === 'ok') return 'healthy';
  if (status === 'warning') return 'degraded';
  return status === 'error' ? 'down' : 'no_data';
}
