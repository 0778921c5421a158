import type { Acknowledgement, AlertEvent, Silence } from '../contract/index.js';
import type { AlertRecord } from '../evaluation/alert-record.js';
import type { AlertStore, OutboxNotice, StoredChange, Telling } from './alert-store.js';

/** Runs `fn` on the document in one transaction and keeps what it did; rejects (or throws) when it cannot. */
export type Transact = <Result>(fn: (document: Record<string, unknown>) => Result) => Result | Promise<Result>;

/** What the document holds. Keys are JSON texts and so never `__proto__`. */
interface AlertDocument {
  leader: { owner: string; epoch: number; beat: number } | null;
  alerts: Record<string, AlertRecord>;
  notices: Record<string, OutboxNotice>;
  tellings: Record<string, Telling>;
  events: AlertEvent[];
  silences: Record<string, Silence>;
  acknowledgements: Record<string, Acknowledgement>;
}

const EVENTS_KEPT = 1000;
const FINISHED_KEPT = 200;

/**
 * A store over any transactional document: the memory of one process, a file, a test's fake. Leases count no clock but
 * this process's own: a leader whose beat does not move for the length of the lease is gone.
 * @param monotonicMs ms that never jump
 */
export function createDocumentStore(deps: {
  readonly transact: Transact;
  readonly monotonicMs: () => number;
}): AlertStore {
  const transact = async <Result>(fn: (document: AlertDocument) => Result): Promise<Result> =>
    deps.transact((document) => fn(shaped(document)));
  return { ...leaderMethods(transact, deps.monotonicMs), ...requestMethods(transact) };
}

type ShapedTransact = <Result>(fn: (document: AlertDocument) => Result) => Promise<Result>;

function leaderMethods(
  transact: ShapedTransact,
  monotonicMs: () => number,
): Pick<AlertStore, 'lead' | 'resign' | 'load' | 'store' | 'claim'> {
  let held: number | null = null;
  let seen: { readonly sign: string; readonly atMs: number } | null = null;
  const isStale = (sign: string, leaseMs: number): boolean => {
    const nowMs = monotonicMs();
    if (seen?.sign !== sign) seen = { sign, atMs: nowMs };
    return nowMs - seen.atMs >= leaseMs;
  };
  const fenced = <Result>(document: AlertDocument, epoch: number, fn: () => Result): Result | 'fenced' =>
    document.leader?.epoch === epoch ? fn() : 'fenced';
  return {
    lead: async (owner, leaseMs, isSpeaking = true) => {
      // After an outage, who speaks from memory goes before who is silent: a leader renews its beat every third of the lease.
      const patienceMs = isSpeaking ? leaseMs / 2 : leaseMs;
      try {
        const wish = { owner, held, isSpeaking };
        const epoch = await transact((document) => lead(document, wish, (sign) => isStale(sign, patienceMs)));
        held = epoch ?? (isSpeaking ? null : held);
        return epoch;
      } catch (error) {
        // While nothing can be read, nothing is known of the leader's beat: its time starts anew.
        seen = null;
        throw error;
      }
    },
    resign: async (epoch) => {
      await transact((document) => {
        if (document.leader?.epoch === epoch) document.leader = { owner: '', epoch, beat: document.leader.beat };
      });
      held = null;
    },
    load: () =>
      transact((document) => ({
        alerts: Object.values(document.alerts),
        notices: Object.values(document.notices),
        tellings: Object.values(document.tellings),
      })),
    store: (epoch, change) => transact((document) => fenced(document, epoch, () => apply(document, change))),
    claim: (epoch) => transact((document) => fenced(document, epoch, () => 'stored' as const)),
  };
}

function requestMethods(
  transact: ShapedTransact,
): Pick<AlertStore, 'loadRequests' | 'storeSilence' | 'deleteSilence' | 'storeAcknowledgement'> {
  return {
    loadRequests: () =>
      transact((document) => ({
        silences: Object.values(document.silences),
        acknowledgements: Object.values(document.acknowledgements),
      })),
    storeSilence: (silence) =>
      transact((document) => {
        document.silences[`id:${silence.id}`] = silence;
      }),
    deleteSilence: (id) =>
      transact((document) => {
        delete document.silences[`id:${id}`];
      }),
    storeAcknowledgement: (acknowledgement) =>
      transact((document) => {
        document.acknowledgements[acknowledgement.key] = acknowledgement;
      }),
  };
}

/** A store in this process's memory: nothing survives it. */
export function createMemoryStore(): AlertStore {
  const document = {};
  return createDocumentStore({ transact: (fn) => fn(document), monotonicMs: () => performance.now() });
}

function shaped(document: Record<string, unknown>): AlertDocument {
  const shape = document as unknown as Partial<AlertDocument>;
  shape.leader ??= null;
  shape.alerts ??= {};
  shape.notices ??= {};
  shape.tellings ??= {};
  shape.events ??= [];
  shape.silences ??= {};
  shape.acknowledgements ??= {};
  return shape as AlertDocument;
}

interface Wish {
  readonly owner: string;
  /** The epoch that this store was granted last. */
  readonly held: number | null;
  readonly isSpeaking: boolean;
}

function lead(
  document: AlertDocument,
  { owner, held, isSpeaking }: Wish,
  isStale: (sign: string) => boolean,
): number | null {
  const { leader } = document;
  const isOurs = leader !== null && leader.owner !== '' && leader.epoch === held && leader.owner === owner;
  if (isOurs && isSpeaking) {
    leader.beat += 1;
    return leader.epoch;
  }
  // A leader of the same name that we do not hold is ourselves before a restart; one that we hold we gave away.
  const isFree = leader === null || leader.owner === '' || (leader.owner === owner && !isOurs);
  if (!isFree && !isStale(`${leader.epoch}/${leader.beat}`)) return null;
  document.leader = { owner, epoch: (leader?.epoch ?? 0) + 1, beat: 0 };
  return document.leader.epoch;
}

function apply(document: AlertDocument, change: StoredChange): 'stored' {
  for (const key of change.removedKeys ?? []) {
    delete document.alerts[key];
    delete document.acknowledgements[key];
    for (const [id, telling] of Object.entries(document.tellings))
      if (telling.key === key) delete document.tellings[id];
  }
  for (const record of change.alerts ?? []) document.alerts[record.key] = record;
  for (const notice of change.notices ?? []) document.notices[notice.id] = notice;
  for (const telling of change.tellings ?? [])
    document.tellings[JSON.stringify([telling.key, telling.channel])] = telling;
  document.events.push(...(change.events ?? []));
  document.events.splice(0, Math.max(0, document.events.length - EVENTS_KEPT));
  forgetFinished(document);
  return 'stored';
}

function forgetFinished(document: AlertDocument): void {
  const finished = Object.values(document.notices).filter(({ state }) => state !== 'waiting' && state !== 'sending');
  for (const notice of finished.slice(0, Math.max(0, finished.length - FINISHED_KEPT)))
    delete document.notices[notice.id];
}
