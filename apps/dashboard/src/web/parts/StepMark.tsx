import type { AlertStep } from '../../contract/alerts.js';
import { stepWord } from '../alert-timeline.js';
import { severityMark } from './AlertRow.js';
import { StatusMark } from './StatusMark.js';

/** One step in the life of an alert: good news in green, the rest as severe as its alert. */
export function StepMark({ step: { kind, severity } }: { readonly step: AlertStep }) {
  const { word, tone } = stepWord(kind);
  const mark =
    tone === 'good' ? 'healthy' : tone === 'bad' ? severityMark({ severity, silenced_until: null }) : 'no_data';
  return <StatusMark mark={mark} word={word} />;
}
