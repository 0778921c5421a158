/** What a new leader makes of what is stored, and of its own memory when the store was away. Pure. */
import { AlertsError } from '../errors.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import { LONGEST_PENALTY_MS } from '../pipeline/backoff.js';
import type { Tellings } from '../pipeline/dispatch.js';
import { isUnderWay } from '../pipeline/outbox.js';
import type { OutboxNotice, StoredSnapshot, Telling } from '../store/alert-store.js';

/** How late an untold occurrence may still be told after a restart. */
const TELL_WITHIN_MS = 900_000;

/** Stored records as the beginning of a new life: told outages stay open, everything else is judged afresh. */
export function restoreRecord(record: AlertRecord, now: number): AlertRecord {
  const isTold = record.openedAt !== null && record.announcedAt !== null;
  return {
    ...record,
    phase: isTold ? 'firing' : 'ok',
    openedAt: isTold ? record.openedAt : null,
    badRun: 0,
    goodRun: 0,
    judgedAt: isTold ? now : null,
    hold: null,
    occurrences: restoreOccurrences(record.occurrences, now),
  };
}

/**
 * Their list at the target may be as old as our memory: they count as seen until it says otherwise, so that none is told
 * twice. One that waited too long to be told is let go: it would be news of another time.
 */
function restoreOccurrences(occurrences: AlertRecord['occurrences'], now: number): AlertRecord['occurrences'] {
  return occurrences.map((occurrence) => {
    const isOld = occurrence.fate === 'open' && now - occurrence.seenAt > TELL_WITHIN_MS;
    return { ...occurrence, seenAt: now, fate: isOld ? 'dropped' : occurrence.fate };
  });
}

/** At most so many copies of a message whose senders died (ALERTING 9). */
const MOST_COPIES = 2;

/** A notice that a dead sender had taken is sent again, since nobody knows whether it arrived; but not a third time at once. */
export function restoreNotice(notice: OutboxNotice): OutboxNotice {
  if (notice.state !== 'sending') return notice;
  const lostAttempts = (notice.lostAttempts ?? 0) + 1;
  if (lostAttempts < MOST_COPIES) return { ...notice, state: 'waiting', lostAttempts };
  return { ...notice, state: 'unconfirmed', lostAttempts, failure: `${lostAttempts} senders died before the answer` };
}

/** All of a snapshot as the beginning of a new life. */
export function restored(snapshot: StoredSnapshot, now: number): StoredSnapshot {
  return {
    alerts: snapshot.alerts.map((record) => restoreRecord(record, now)),
    notices: snapshot.notices.map(restoreNotice),
    tellings: snapshot.tellings,
  };
}

/**
 * Their channels count as told, and yet as worth telling again: a new notice goes out an hour later when the condition
 * still holds (decision 15). The end is told in any case (`mustHearEnd`).
 */
export function askAgain(unconfirmed: readonly OutboxNotice[], told: Tellings, now: number): readonly Telling[] {
  return unconfirmed.flatMap(({ kind, key, channel, incident }): readonly Telling[] => {
    const telling = told.get(key)?.get(channel);
    if (kind !== 'fire' || telling === undefined) return [];
    if (telling.state !== 'open' || telling.incident !== incident) return [{ ...telling, acceptedAt: now }];
    const refusals = telling.refusals + 1;
    return [{ ...telling, state: 'refused', at: now + LONGEST_PENALTY_MS, acceptedAt: now, refusals }];
  });
}

/** What is said of them. */
export function unconfirmedError(notices: readonly OutboxNotice[]): AlertsError {
  const titles = notices.map(({ channel, message }) => `${channel}: ${message.title}`).join('; ');
  return new AlertsError(
    'UNCONFIRMED',
    `two senders died before the answer, a third copy is not sent; while the alert lasts, a reminder follows in an hour: ${titles}`,
  );
}

/** When something last happened to an alert. */
function activityOf(record: AlertRecord): number {
  return Math.max(record.announcedAt ?? 0, record.lastFireAt ?? 0, record.resolvedAt ?? 0);
}

/**
 * Joins what was done without the store, delivered notices included, with what it holds. Where both know an alert the
 * later activity wins; its incident is numbered after the stored one, and its tellings with it, so that nothing told is
 * told again.
 * @param isOurs nobody else led meanwhile: what is stored is our own past, whatever the wall clock says by now
 */
export function mergeSnapshots(memory: StoredSnapshot, stored: StoredSnapshot, isOurs: boolean): StoredSnapshot {
  const storedAlerts = new Map(stored.alerts.map((record) => [record.key, record]));
  const shifts = new Map<string, number>();
  const alerts = new Map(storedAlerts);
  for (const record of memory.alerts) {
    const other = storedAlerts.get(record.key);
    if (!isOurs && other !== undefined && activityOf(other) > activityOf(record)) continue;
    const isSame = isOurs || other === undefined || activityOf(other) === activityOf(record);
    const incident = isSame ? record.incident : Math.max(record.incident, other.incident + 1);
    shifts.set(record.key, incident - record.incident);
    alerts.set(record.key, { ...record, incident });
  }
  const shiftOf = (key: string): number => shifts.get(key) ?? 0;
  const tellings = new Map<string, Telling>(stored.tellings.map((telling) => [tellingName(telling), telling]));
  for (const telling of memory.tellings) {
    if (!shifts.has(telling.key) && storedAlerts.has(telling.key)) continue;
    tellings.set(tellingName(telling), { ...telling, incident: telling.incident + shiftOf(telling.key) });
  }
  const spoken = new Set(memory.tellings.map(tellingName));
  const notices = new Map<string, OutboxNotice>(
    stored.notices.map((notice) => {
      // Where we spoke without the store, what an earlier life left waiting is old news.
      const isOld = isUnderWay(notice) && spoken.has(tellingName(notice));
      return [notice.id, isOld ? { ...notice, state: 'superseded' } : restoreNotice(notice)];
    }),
  );
  for (const notice of memory.notices) {
    // The store may still hold as waiting what was delivered without it, and the other way round: nothing is sent twice.
    const other = notices.get(notice.id);
    if (!isUnderWay(notice) || other?.state !== 'delivered')
      notices.set(notice.id, { ...notice, incident: notice.incident + shiftOf(notice.key) });
  }
  return { alerts: [...alerts.values()], tellings: [...tellings.values()], notices: [...notices.values()] };
}

function tellingName(telling: Pick<Telling, 'key' | 'channel'>): string {
  return JSON.stringify([telling.key, telling.channel]);
}
