import { type Level, levelNumbers } from './levels.js';
import { type LineBuilder, noFields, type PreparedFields } from './line/line-builder.js';
import { readCall } from './log-call.js';
import type { Fields } from './record.js';
import { currentContext } from './request-context.js';
import { targets } from './writer/layout.js';
import type { LineWriter, WriterStats } from './writer/writer.js';

/** What a logger and its children each have of their own. */
export interface Scope {
  readonly logger: string;
  readonly prepared: PreparedFields;
}

/** What an emitter is built from. */
export interface EmitterSetup {
  readonly builder: LineBuilder;
  readonly writer: LineWriter;
  /** Bits of `targets` every line goes to. */
  readonly targets: number;
  /** Makes the terminal's form of a line; null when the terminal gets the line as it is, or nothing. */
  readonly pretty: ((line: string) => string) | null;
  readonly now: () => number;
}

/** The one way from a call to the outputs. Nothing in here throws. */
export class Emitter {
  readonly #setup: EmitterSetup;
  readonly #contexts = new WeakMap<Fields, PreparedFields>();
  #failed = 0;

  constructor(setup: EmitterSetup) {
    this.#setup = setup;
  }

  emit(level: Level, message: unknown, first: unknown, rest: readonly unknown[], scope: Scope): void {
    try {
      const call = readCall(message, first, rest);
      this.write(level, call.message, call.fields, scope);
    } catch {
      this.#giveUp(level, scope);
    }
  }

  write(level: Level, message: string, fields: object | null, scope: Scope): void {
    const { builder, writer, pretty, now } = this.#setup;
    const line = builder.build({
      level,
      message,
      fields,
      logger: scope.logger,
      scope: scope.prepared,
      context: this.#context(),
      atMs: now(),
    });
    const isError = levelNumbers[level] <= levelNumbers.error;
    const lineTargets = isError ? this.#setup.targets : this.#setup.targets & ~targets.errors;
    writer.write(line, lineTargets);
    if (pretty !== null) writer.write(pretty(line), targets.console);
  }

  prepare(fields: Fields): PreparedFields {
    return this.#setup.builder.prepare(fields);
  }

  stats(): WriterStats {
    const stats = this.#setup.writer.stats();
    return { ...stats, dropped: stats.dropped + this.#failed };
  }

  #context(): PreparedFields {
    const context = currentContext();
    if (context === undefined) return noFields;
    let prepared = this.#contexts.get(context);
    if (prepared === undefined) {
      prepared = this.prepare(context);
      this.#contexts.set(context, prepared);
    }
    return prepared;
  }

  /** A value so hostile that even looking at it failed: the line says so instead of being lost. */
  #giveUp(level: Level, scope: Scope): void {
    try {
      this.write(level, '[unloggable value]', null, scope);
    } catch {
      this.#failed++;
    }
  }
}
