/** Memory counts in steady ms, stores in wall ms: shifts every instant from one to the other. Pure. */
import type { AlertEvent } from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import type { OutboxNotice, StoredChange, Telling } from './alert-store.js';

/** Maps one instant. */
export type ShiftInstant = (at: number) => number;

type Shift = ShiftInstant;

function maybe(shift: Shift, at: number | null): number | null {
  return at === null ? null : shift(at);
}

/** A record with all its instants shifted. */
export function shiftRecord(record: AlertRecord, shift: Shift): AlertRecord {
  return {
    ...record,
    runSince: shift(record.runSince),
    judgedAt: maybe(shift, record.judgedAt),
    openedAt: maybe(shift, record.openedAt),
    announcedAt: maybe(shift, record.announcedAt),
    lastFireAt: maybe(shift, record.lastFireAt),
    remindedAt: maybe(shift, record.remindedAt),
    resolvedAt: maybe(shift, record.resolvedAt),
    lastOpenedAt: maybe(shift, record.lastOpenedAt),
    changes: record.changes.map(shift),
    occurrences: record.occurrences.map((occurrence) => ({ ...occurrence, seenAt: shift(occurrence.seenAt) })),
    acknowledgedAt: maybe(shift, record.acknowledgedAt),
    acknowledgedUntil: maybe(shift, record.acknowledgedUntil),
  };
}

/** A notice with all its instants shifted. */
export function shiftNotice(notice: OutboxNotice, shift: Shift): OutboxNotice {
  return {
    ...notice,
    startedAt: shift(notice.startedAt),
    endedAt: maybe(shift, notice.endedAt),
    createdAt: shift(notice.createdAt),
    dueAt: shift(notice.dueAt),
    deliveredAt: maybe(shift, notice.deliveredAt),
  };
}

/** A telling with its instant shifted. */
export function shiftTelling(telling: Telling, shift: Shift): Telling {
  return { ...telling, at: shift(telling.at), acceptedAt: maybe(shift, telling.acceptedAt) };
}

function shiftEvent(event: AlertEvent, shift: Shift): AlertEvent {
  return { ...event, at: shift(event.at), since: shift(event.since) };
}

/** A change with all its instants shifted. */
export function shiftChange<Change extends StoredChange>(change: Change, shift: Shift): Change {
  return {
    ...change,
    ...(change.alerts === undefined ? {} : { alerts: change.alerts.map((record) => shiftRecord(record, shift)) }),
    ...(change.events === undefined ? {} : { events: change.events.map((event) => shiftEvent(event, shift)) }),
    ...(change.notices === undefined ? {} : { notices: change.notices.map((notice) => shiftNotice(notice, shift)) }),
    ...(change.tellings === undefined
      ? {}
      : { tellings: change.tellings.map((telling) => shiftTelling(telling, shift)) }),
  };
}
