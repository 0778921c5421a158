import type { ReactNode } from 'react';
import type { AlertSummary } from '../../contract/alerts.js';
import type { AlerterState } from '../../contract/status.js';
import { usePage } from '../page-context.js';
import { plainTitle } from '../sentence.js';
import { Ago } from './Ago.js';
import { Link } from './Link.js';
import { StatusMark } from './StatusMark.js';
import type { Mark } from './StatusShape.js';

/** One alert as a line: what, where, since when, and whether somebody has it. */
export function AlertRow({ alert, actions }: { readonly alert: AlertSummary; readonly actions?: ReactNode }) {
  const { status } = usePage();
  return (
    <li className="alert-row">
      <StatusMark mark={severityMark(alert)} word={alert.severity} />
      <Link className="alert-title" to={{ place: 'alerts', item: alert.id }}>
        {plainTitle(alert.title)}
      </Link>
      <span className="dim">{alert.phase === 'pending' ? 'being confirmed' : alert.phase}</span>
      <span className="dim">
        <Ago at={alert.since} />
      </span>
      <div className="alert-owner">
        {ownerText(alert, status.reply?.alerter)} {actions}
      </div>
    </li>
  );
}

/** The shape that goes with a severity; a silenced alert has its own. */
export function severityMark({
  severity,
  silenced_until: silencedUntil,
}: Pick<AlertSummary, 'severity' | 'silenced_until'>): Mark {
  if (silencedUntil !== null) return 'silenced';
  if (severity === 'critical' || severity === 'error') return 'down';
  return severity === 'warning' ? 'degraded' : 'info';
}

/** Does somebody have it? */
export function ownerText(alert: AlertSummary, alerter: AlerterState | undefined): string {
  if (alert.acknowledged_by !== null) return `${alert.acknowledged_by} has it`;
  if (alert.silenced_until !== null) return 'silenced';
  // Without a channel a message goes into the alerter's own log, which is nobody.
  if (alert.told_at !== null) return alerter?.channels === 'none' ? 'nobody was told' : 'sent, nobody has it';
  if (alert.hold !== null) return `held: ${alert.hold}`;
  if (alert.phase === 'pending') return '';
  if (alerter?.channels === 'none' || alerter?.state === 'away') return 'nobody was told';
  return alerter?.channels === 'failing' ? 'not delivered yet: a channel fails' : 'being sent';
}
