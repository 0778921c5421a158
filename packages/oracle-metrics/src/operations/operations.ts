import { Operation } from './operation.js';

/** All operations beyond the limit share this name. */
export const OVERFLOW_NAME = 'overflow';

/** Names are data from the service; a name longer than this is cut. */
const NAME_LIMIT = 120;

export interface OperationsOptions {
  /** How many sealed minutes each keeps. */
  readonly minutes: number;
  /** How many names are told apart; further ones share {@link OVERFLOW_NAME}. */
  readonly limit: number;
  /** Told each time a name finds no place of its own. */
  readonly onOverflow: () => void;
}

/** Operations by name, in the order in which they were first seen. */
export class Operations {
  readonly #options: OperationsOptions;
  readonly #byName = new Map<string, Operation>();

  constructor(options: OperationsOptions) {
    this.#options = options;
  }

  get(name: string): Operation {
    return this.#byName.get(name) ?? this.#add(name);
  }

  find(name: string): Operation | undefined {
    return this.#byName.get(name);
  }

  all(): Iterable<Operation> {
    return this.#byName.values();
  }

  #add(name: string): Operation {
    const text = typeof name === 'string' ? name.slice(0, NAME_LIMIT) : typeof name;
    const known = this.#byName.get(text);
    if (known !== undefined) return known;
    const full = this.#byName.size >= this.#options.limit && text !== OVERFLOW_NAME;
    if (full) {
      this.#options.onOverflow();
      return this.get(OVERFLOW_NAME);
    }
    const operation = new Operation(text, this.#options.minutes);
    this.#byName.set(text, operation);
    return operation;
  }
}
