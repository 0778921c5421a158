import type { AlertHistoryEntry } from '@nps/oracle-alerts/contract';
import type { AlertBand } from '../contract/history.js';

const opens = new Set(['fired', 'held', 'no_data']);
const closes = new Set(['resolved', 'closed', 'dismissed']);

/** Turns an alert's steps into the stretches it was firing, oldest first; those that ended before `from` are left out. Pure. */
export function bandsOf(history: readonly AlertHistoryEntry[], from: string): readonly AlertBand[] {
  const open = new Map<string, AlertBand>();
  const done: AlertBand[] = [];
  const oldestFirst = [...history].sort((a, b) => a.at.localeCompare(b.at) || a.id - b.id);
  for (const { key, incident, kind, rule, severity, at } of oldestFirst) {
    const id = `${key} ${incident}`;
    const band = open.get(id);
    if (opens.has(kind) && band === undefined) open.set(id, { id, title: rule, severity, from: at, to: null });
    if (!closes.has(kind) || band === undefined) continue;
    open.delete(id);
    done.push({ ...band, to: at });
  }
  return [...done, ...open.values()]
    .filter(({ to }) => to === null || to >= from)
    .sort((a, b) => a.from.localeCompare(b.from));
}
