import type { CheckStatus } from '@nps/oracle-health/contract';
import { type Mark, StatusShape } from './StatusShape.js';

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
      <StatusShape mark={mark} />
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
