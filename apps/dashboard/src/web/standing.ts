import type { AlertSummary } from '../contract/alerts.js';
import type { ServiceSummary, ShownStatus } from '../contract/status.js';

/** How a service stands in the eyes of somebody who must act. */
export interface Standing {
  readonly status: ShownStatus;
  /** The word beside the shape. */
  readonly word: string;
}

const words: Readonly<Record<ShownStatus, string>> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  down: 'Down',
  no_data: 'No data',
};
const gravity: Readonly<Record<ShownStatus, number>> = { down: 0, degraded: 1, no_data: 2, healthy: 3 };

/** An alert that burns: it fired and nobody silenced it. */
export function isBurning({ phase, silenced_until: silencedUntil }: AlertSummary): boolean {
  return (phase === 'firing' || phase === 'recovering' || phase === 'no_data') && silencedUntil === null;
}

/** What the service says of itself; but one that calls itself healthy while an alert of it burns is not. Pure. */
export function standingOf({ name, status }: ServiceSummary, alerts: readonly AlertSummary[]): Standing {
  const burns = status === 'healthy' && alerts.some((alert) => alert.service === name && isBurning(alert));
  return burns ? { status: 'degraded', word: 'Alert' } : { status, word: words[status] };
}

/** A service with its standing. */
export interface Placed extends Standing {
  readonly service: ServiceSummary;
}

/** Worst first; among equals by name, so that a refresh moves nothing without a reason. Pure. */
export function worstFirst(services: readonly ServiceSummary[], alerts: readonly AlertSummary[]): readonly Placed[] {
  return services
    .map((service) => ({ service, ...standingOf(service, alerts) }))
    .sort((a, b) => gravity[a.status] - gravity[b.status] || a.service.name.localeCompare(b.service.name));
}

/** A check's name for people: `ai_api` is "ai api". */
export function readable(name: string): string {
  return name.replaceAll('_', ' ');
}
