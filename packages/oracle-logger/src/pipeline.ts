import type winston from 'winston';
import { type Level, levelNumbers } from './levels.js';

/** Records a winston transport may fall behind before it misses some: what waits for it is memory. */
const mostWaiting = 10_000;

/** winston's own key for the level of an info object (package triple-beam). */
const levelSymbol: unique symbol = Symbol.for('level') as never;

/** A line as winston's formats and transports know it. */
export interface Info extends Record<string, unknown> {
  [levelSymbol]?: string;
}

/** What the pipeline needs of the logger's stream. */
export interface PipelineStream {
  readonly writableLength: number;
  readonly isEnded: boolean | undefined;
  /** Passes an info object on to the transports. */
  pass(info: Info): void;
}

/** The caller's own transports and format; closed while there are none, which is the fast case. */
export class Pipeline {
  #stream: PipelineStream | null = null;
  #ownFormat: winston.Logform.Format | null = null;
  #hasTransports = false;
  #chattiest = -1;
  #missed = 0;

  /** Whether anything besides our own outputs is attached. */
  isOpen = false;

  /** The level number up to which a transport of the caller's wants records; -1 for none. */
  get chattiest(): number {
    return this.#chattiest;
  }

  /** Records transports did not get because they were too slow. */
  get missed(): number {
    return this.#missed;
  }

  /** Told whenever transports come or go. */
  attach(stream: PipelineStream, transports: readonly winston.transport[]): void {
    this.#stream = stream;
    this.#hasTransports = transports.length > 0;
    this.#chattiest = Math.max(-1, ...transports.map((transport) => levelNumbers[transport.level as Level] ?? -1));
    this.isOpen = this.#hasTransports || this.#ownFormat !== null;
  }

  /** Told whenever the caller sets a format of his own; null for winston's default. */
  useFormat(format: winston.Logform.Format | null): void {
    this.#ownFormat = format;
    this.isOpen = this.#hasTransports || format !== null;
  }

  /** Whether lines in our own outputs follow the caller's format. */
  get changesLines(): boolean {
    return this.#ownFormat !== null;
  }

  /** The line as an info object after the caller's format, null when the format drops it. */
  format(line: string, level: Level, standard: winston.Logform.Format): Info | null {
    const info = JSON.parse(line) as Info;
    info[levelSymbol] = level;
    const format = this.#ownFormat ?? standard;
    try {
      const formatted = format.transform(info as never, (format as { options?: unknown }).options);
      return typeof formatted === 'object' ? formatted : null;
    } catch {
      // A format that throws must neither reach the caller nor cost the line.
      return info;
    }
  }

  /** Hands a formatted record to the transports, unless too many wait already. */
  send(info: Info): void {
    const stream = this.#stream;
    if (!this.#hasTransports || stream === null || stream.isEnded === true) return;
    if (stream.writableLength >= mostWaiting) this.#missed++;
    else stream.pass(info);
  }
}
