import type winston from 'winston';
import { type Level, levelNumbers } from './levels.js';
import { type LineBuilder, noFields, type PreparedFields, type Scope } from './line/line-builder.js';
import { isUsual, readCall, toFields } from './log-call.js';
import { ownFields } from './own-fields.js';
import type { Pipeline } from './pipeline.js';
import type { Fields } from './record.js';
import { currentContext } from './request-context.js';
import { targets } from './writer/layout.js';
import type { LineSink, SinkStats } from './writer/line-sink.js';

/** What an emitter is built from. */
export interface EmitterSetup {
  readonly builder: LineBuilder;
  readonly sinks: readonly LineSink[];
  readonly pipeline: Pipeline;
  /** winston's default format, for transports. */
  readonly standardFormat: winston.Logform.Format;
  /** Bits of `targets` every line goes to. */
  readonly targets: number;
  /** Makes the terminal's form of a line; null when the terminal gets the line as it is, or nothing. */
  readonly pretty: ((line: string) => string) | null;
  readonly now: () => number;
  /** Finds where a call came from; null when nobody wants to know. */
  readonly callSite: (() => object | null) | null;
}

/** The one way from a call to the outputs. Nothing in here throws. */
export class Emitter {
  readonly #setup: EmitterSetup;
  readonly #contexts = new WeakMap<Fields, PreparedFields>();
  #failed = 0;

  constructor(setup: EmitterSetup) {
    this.#setup = setup;
  }

  /**
   * Logs one call.
   * @param least number of the least grave level our own outputs take; a transport may take chattier ones
   */
  emit(level: Level, message: unknown, first: unknown, rest: readonly unknown[], scope: Scope, least: number): void {
    try {
      const { callSite } = this.#setup;
      if (callSite === null && isUsual(message, first, rest)) {
        this.#record(level, message, toFields(first), scope, least);
        return;
      }
      const call = readCall(message, first, rest);
      const fields = callSite === null ? call.fields : { ...callSite(), ...ownFields(call.fields) };
      this.#record(level, call.message, fields, scope, least);
    } catch {
      this.#giveUp(level, scope, least);
    }
  }

  prepare(fields: Fields): PreparedFields {
    return this.#setup.builder.prepare(fields);
  }

  stats(): SinkStats {
    const { sinks, pipeline } = this.#setup;
    const stats = sinks.map((sink) => sink.stats());
    return {
      heldBytes: stats.reduce((sum, { heldBytes }) => sum + heldBytes, 0),
      dropped: stats.reduce((sum, { dropped }) => sum + dropped, this.#failed + pipeline.missed),
    };
  }

  #record(level: Level, message: string, fields: object | null, scope: Scope, least: number): void {
    const { builder, pipeline, now } = this.#setup;
    const atMs = now();
    const line = builder.build(level, message, fields, scope, this.#context(), atMs);
    if (pipeline.isOpen) this.#recordPiped(line, level, message, scope, atMs, least);
    else this.#write(line, level);
  }

  /** With transports or a format of the caller's: both get the line as an object that is redacted already. */
  #recordPiped(line: string, level: Level, message: string, scope: Scope, atMs: number, least: number): void {
    const { builder, pipeline, standardFormat } = this.#setup;
    const info = pipeline.format(line, level, standardFormat);
    if (info === null) return;
    const reshaped = () => {
      const said = typeof info['message'] === 'string' ? info['message'] : message;
      const bare = { logger: scope.logger, prepared: noFields };
      return builder.build(level, said, ownFields(info, builder.headNames), bare, noFields, atMs);
    };
    if (levelNumbers[level] <= least) this.#write(pipeline.changesLines ? reshaped() : line, level);
    pipeline.send(info);
  }

  #write(line: string, level: Level): void {
    const { sinks, pretty } = this.#setup;
    const isError = levelNumbers[level] <= levelNumbers.error;
    const lineTargets = isError ? this.#setup.targets : this.#setup.targets & ~targets.errors;
    for (const sink of sinks) sink.write(line, lineTargets);
    if (pretty === null) return;
    const shown = pretty(line);
    for (const sink of sinks) sink.write(shown, targets.console);
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
  #giveUp(level: Level, scope: Scope, least: number): void {
    try {
      this.#record(level, '[unloggable value]', null, scope, least);
    } catch {
      this.#failed++;
    }
  }
}
