/** One alert's way from pending over firing to resolved, as far as its own samples decide. Pure. */
import type { Rule } from '../contract/index.js';
import type { AlertRecord } from './alert-record.js';
import { staleAfterMs, type Verdict } from './verdict.js';

/** A step that the alert took. */
export type Step = 'pending' | 'opened' | 'ended';

/** An alert after its steps. */
export interface Advanced {
  readonly record: AlertRecord;
  readonly steps: readonly Step[];
}

/** Samples further apart than this are not "in a row". */
const RUN_GAP_MS = 60_000;
/** Changes are remembered for the flap damping of an hour. */
const CHANGES_KEPT = 20;

/** Takes one verdict into the run of good or bad samples. */
export function absorb(record: AlertRecord, verdict: Verdict, at: number): AlertRecord {
  const isBad = verdict.word === 'bad';
  const before = isBad ? record.badRun : record.goodRun;
  const isNewRun = before === 0 || record.judgedAt === null;
  // A single doubt long ago does not confirm a doubt of now.
  const isBroken = record.phase === 'pending' && at - (record.judgedAt ?? at) > RUN_GAP_MS;
  const run = isBroken ? 1 : before + 1;
  return {
    ...record,
    badRun: isBad ? run : 0,
    goodRun: isBad ? 0 : run,
    runSince: isNewRun || isBroken ? at : record.runSince,
    value: verdict.value,
    reason: isBad ? verdict.reason : record.reason,
    detail: isBad ? verdict.detail : record.detail,
    judgedAt: at,
    noDataTold: false,
    phase: record.phase === 'no_data' ? (record.openedAt === null ? 'ok' : 'firing') : record.phase,
  };
}

/** Walks as far as the samples and the time allow. */
export function advance(record: AlertRecord, rule: Rule, now: number): Advanced {
  switch (record.phase) {
    case 'ok':
      if (record.badRun === 0) return { record, steps: [] };
      return followed({ ...record, phase: 'pending' }, rule, now, 'pending');
    case 'pending':
      if (record.badRun === 0) return { record: { ...record, phase: 'ok' }, steps: [] };
      return isBadEnough(record, rule, now)
        ? { record: opened(record, now), steps: ['opened'] }
        : { record, steps: [] };
    case 'firing':
      if (record.badRun > 0 || record.goodRun === 0) return { record, steps: [] };
      return followed({ ...record, phase: 'recovering' }, rule, now);
    case 'recovering':
      if (record.badRun > 0) return { record: { ...record, phase: 'firing' }, steps: [] };
      return isGoodEnough(record, rule, now) ? { record: ended(record, now), steps: ['ended'] } : { record, steps: [] };
    default:
      return { record, steps: [] };
  }
}

function followed(record: AlertRecord, rule: Rule, now: number, ...steps: readonly Step[]): Advanced {
  const next = advance(record, rule, now);
  return { record: next.record, steps: [...steps, ...next.steps] };
}

function isBadEnough(record: AlertRecord, rule: Rule, now: number): boolean {
  if (record.badRun < (rule.confirmations ?? 1)) return false;
  return now - record.runSince >= (rule.forSeconds ?? 0) * 1000 && isFresh(record, rule, now);
}

function isGoodEnough(record: AlertRecord, rule: Rule, now: number): boolean {
  if (record.goodRun < (rule.recoverConfirmations ?? 1)) return false;
  return now - record.runSince >= (rule.recoverForSeconds ?? 0) * 1000 && isFresh(record, rule, now);
}

/** Time alone, without samples, neither fires nor clears. */
function isFresh(record: AlertRecord, rule: Rule, now: number): boolean {
  return record.judgedAt !== null && now - record.judgedAt <= staleAfterMs(rule);
}

function opened(record: AlertRecord, now: number): AlertRecord {
  return {
    ...record,
    phase: 'firing',
    incident: record.incident + 1,
    openedAt: record.runSince,
    announcedAt: null,
    remindedAt: null,
    resolvedAt: null,
    changes: [...record.changes, now].slice(-CHANGES_KEPT),
  };
}

/** The record once its outage is over, told or not. */
export function ended(record: AlertRecord, now: number): AlertRecord {
  return {
    ...record,
    phase: 'ok',
    badRun: 0,
    lastOpenedAt: record.openedAt,
    openedAt: null,
    announcedAt: null,
    hold: null,
    resolvedAt: now,
    acknowledgedBy: null,
    acknowledgedAt: null,
    acknowledgedUntil: null,
    changes: [...record.changes, now].slice(-CHANGES_KEPT),
  };
}
