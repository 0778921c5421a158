/** The other replicas, asked directly, and what their answers mean while the store is away. */
import type { Clock } from '../clock.js';
import type { EngineDeps, ReplicaAnswer, ReplicaState } from '../engine-types.js';
import type { StoredSnapshot } from '../store/alert-store.js';
import { within } from './within.js';

/** Answers that take longer are none: what is being judged waits for them. */
const DEADLINE_MS = 3000;

/** Asks the other replicas; the answers never fail. */
export class OtherReplicas {
  readonly #clock: Clock;
  readonly #ask: EngineDeps['askReplicas'];
  readonly #onError: (error: unknown) => void;

  constructor({ clock, askReplicas, onError }: Pick<EngineDeps, 'clock' | 'askReplicas' | 'onError'>) {
    this.#clock = clock;
    this.#ask = askReplicas;
    this.#onError = onError;
  }

  /** Whether others could be asked at all. */
  get canBeAsked(): boolean {
    return this.#ask !== undefined;
  }

  /** @param takingOver the epoch under which this replica leads; without it the others are only asked */
  async answers(takingOver?: number): Promise<readonly ReplicaAnswer[]> {
    if (this.#ask === undefined) return [];
    try {
      return await within(this.#clock, DEADLINE_MS, this.#ask(takingOver), () => []);
    } catch (error) {
      this.#onError(error);
      return [];
    }
  }
}

/** `led`: another one speaks; `free`: all answered that they do not; `unknown`: one did not answer, or none is known. */
export type OthersWord = 'led' | 'free' | 'unknown';

/** The answers put together. Pure. */
export function wordOfOthers(answers: readonly ReplicaAnswer[]): OthersWord {
  if (answers.some(isSpeaking)) return 'led';
  return answers.length === 0 || answers.some(({ word }) => word === 'silent') ? 'unknown' : 'free';
}

/** What one that spoke knows; null when none did. Pure. */
export function snapshotOf(answers: readonly ReplicaAnswer[]): StoredSnapshot | null {
  for (const answer of answers) {
    if (answer.word === 'answered' && answer.state.snapshot !== null) return answer.state.snapshot;
  }
  return null;
}

/** This replica's own claim to lead. */
export interface OwnClaim {
  readonly name: string;
  readonly epoch: number | null;
  /** It stood still for so long that it may have been replaced. */
  readonly stoodStill: boolean;
}

/**
 * Whether this replica, which leads without the store, gives way: to whoever has the store, to anybody after it stood
 * still, else to the one that the store made leader last, and among equals to the first name. Pure.
 */
export function mustYield(answers: readonly ReplicaAnswer[], own: OwnClaim): boolean {
  return answers.filter(isSpeaking).some(({ name, state }) => {
    if (state.store === 'ok' || own.stoodStill) return true;
    const [theirs, ours] = [state.epoch ?? 0, own.epoch ?? 0];
    return theirs === ours ? name < own.name : theirs > ours;
  });
}

function isSpeaking(answer: ReplicaAnswer): answer is Extract<ReplicaAnswer, { readonly state: ReplicaState }> {
  return answer.word === 'answered' && answer.state.role === 'leader' && answer.state.isEvaluating;
}
