/** Rules with `each`: single readings that take too long, each told once. Pure. */
import type { Observation, Rule } from '../contract/index.js';
import type { AlertRecord, Occurrence } from './alert-record.js';
import { isBeyond, staleAfterMs, type Verdict } from './verdict.js';

/** An occurrence that is not seen for so long is forgotten. */
const FORGET_AFTER_MS = 3_600_000;
const OCCURRENCES_KEPT = 500;

/** Takes the occurrences of one report into the record. */
export function noteOccurrences(record: AlertRecord, rule: Rule, samples: readonly Observation[]): AlertRecord {
  if (samples.length === 0) return record;
  const known = new Map(record.occurrences.map((occurrence) => [occurrence.id, occurrence]));
  for (const sample of samples) {
    const id = sample.labels[rule.each ?? ''];
    if (id === undefined || !isBeyond(rule, sample.value, false)) continue;
    known.set(id, {
      id,
      value: sample.value,
      state: sample.labels['state'] === 'running' ? 'running' : 'done',
      seenAt: sample.at,
      fate: known.get(id)?.fate ?? 'open',
    });
  }
  const at = samples[0]?.at ?? 0;
  const kept = [...known.values()].filter((occurrence) => at - occurrence.seenAt < FORGET_AFTER_MS);
  return { ...record, occurrences: kept.slice(-OCCURRENCES_KEPT) };
}

/** One that waits to be told makes an alert; one that was told, or let go, only keeps it open while it goes on. */
function isLive(record: AlertRecord, occurrence: Occurrence, rule: Rule, now: number): boolean {
  if (occurrence.fate === 'open') return true;
  const isSeen = now - occurrence.seenAt <= staleAfterMs(rule);
  return record.openedAt !== null && occurrence.state === 'running' && isSeen;
}

/** What the occurrences say at an instant: bad while one goes on or waits to be told, good when none does. */
export function judgeOccurrences(record: AlertRecord, rule: Rule, now: number): Verdict {
  const live = record.occurrences.filter((occurrence) => isLive(record, occurrence, rule, now));
  const longest = longestOf(live);
  if (longest === undefined) return { word: 'good', value: record.value ?? 0, reason: null, detail: null };
  return { word: 'bad', value: longest.value, reason: longest.state, detail: describe(live) };
}

/** Occurrences that nobody was told about. */
export function untoldOccurrences(record: AlertRecord): readonly Occurrence[] {
  return record.occurrences.filter((occurrence) => occurrence.fate === 'open');
}

/** Marks everything untold as told. */
export function withOccurrencesTold(record: AlertRecord): AlertRecord {
  return mapOpen(record, () => 'told');
}

/** Lets go of what is over while its fire was held: the condition no longer holds. */
export function withEndedDropped(record: AlertRecord, rule: Rule, now: number): AlertRecord {
  return mapOpen(record, (occurrence) => {
    const goesOn = occurrence.state === 'running' && now - occurrence.seenAt <= staleAfterMs(rule);
    return goesOn ? 'open' : 'dropped';
  });
}

function mapOpen(record: AlertRecord, fate: (occurrence: Occurrence) => Occurrence['fate']): AlertRecord {
  if (!record.occurrences.some((occurrence) => occurrence.fate === 'open')) return record;
  return {
    ...record,
    occurrences: record.occurrences.map((occurrence) =>
      occurrence.fate === 'open' ? { ...occurrence, fate: fate(occurrence) } : occurrence,
    ),
  };
}

function longestOf(occurrences: readonly Occurrence[]): Occurrence | undefined {
  return occurrences.reduce<Occurrence | undefined>(
    (longest, next) => (longest === undefined || next.value > longest.value ? next : longest),
    undefined,
  );
}

function describe(live: readonly Occurrence[]): string {
  const shown = live.slice(0, 5).map(({ id, state }) => `${id} (${state === 'running' ? 'still running' : state})`);
  const more = live.length > shown.length ? ` and ${live.length - shown.length} more` : '';
  return `${shown.join(', ')}${more}`;
}
