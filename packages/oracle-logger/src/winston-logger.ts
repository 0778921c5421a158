import winston from 'winston';
import type { Emitter } from './emitter.js';
import { guardTransport } from './guard-transport.js';
import { findLevel, type Level, levelNumbers } from './levels.js';
import type { Scope } from './line/line-builder.js';
import { readEntry } from './log-call.js';
import { ownFields } from './own-fields.js';
import { patienceMs } from './patience.js';
import type { Info, Pipeline } from './pipeline.js';
import type { Fields } from './record.js';
import type { SinkStats } from './writer/line-sink.js';

/** What of winston's Logger is used as it is; the rest is overridden, partly by accessors, which its types forbid. */
type WinstonBase = new (
  options: winston.LoggerOptions,
) => Pick<winston.Logger, 'silent' | 'transports' | 'add' | 'remove' | 'clear' | 'on' | 'once' | 'writableLength'> & {
  pipe(target: unknown, options?: unknown): unknown;
  unpipe(target?: unknown): unknown;
  push(info: unknown): boolean;
  emit(event: string, ...args: unknown[]): boolean;
  end(): unknown;
  _final(done: (error?: Error | null) => void): void;
};

const Base = winston.Logger as unknown as WinstonBase;

/** The methods of the base class that are overridden and still needed. */
const base = winston.Logger.prototype as unknown as {
  write(this: object, info: unknown): boolean;
  close(this: object): void;
};

/** The level of a logger, shared with its children until one of them is given its own. */
interface Threshold {
  readonly name: Level;
  readonly number: number;
}

/**
 * winston's Logger with another way from the call to the outputs: straight to the emitter, and only for transports and
 * formats of the caller's through winston's stream. Children are made as winston makes them, by inheriting from their
 * parent object; so all state is in ordinary properties.
 */
export class NpsLogger extends Base {
  /** The logger that `createLogger` made; children inherit it. */
  declare root: NpsLogger;
  declare emitter: Emitter;
  declare scope: Scope;
  /** Whether the stream was told to end; the stream winston builds on does not tell. */
  declare isEnded: boolean | undefined;
  declare closing: Promise<void> | undefined;
  declare threshold: Threshold;
  declare pipeline: Pipeline;
  /** Writes what is accepted; run before the stream says `finish`. */
  declare flush: () => Promise<void>;
  declare standardFormat: winston.Logform.Format | undefined;
  declare currentFormat: winston.Logform.Format;

  get level(): string {
    return this.threshold.name;
  }

  /** Accepts any of the known words in any case; others leave the level as it is. */
  set level(word: string) {
    const name = findLevel(word) ?? this.threshold?.name ?? 'info';
    this.threshold = { name, number: levelNumbers[name] };
  }

  get format(): winston.Logform.Format {
    return this.currentFormat;
  }

  /** The first one is winston's default, set by its constructor; any other is the caller's and shapes all lines. */
  set format(format: winston.Logform.Format) {
    this.currentFormat = format;
    this.standardFormat ??= format;
    this.pipeline?.useFormat(format === this.standardFormat ? null : format);
  }

  override pipe(target: unknown, options?: unknown): unknown {
    guardTransport(target, (error) => this.emit('error', error));
    const result = super.pipe(target, options);
    this.pipeline?.attach(this, this.transports);
    return result;
  }

  override unpipe(target?: unknown): unknown {
    const result = super.unpipe(target);
    this.pipeline?.attach(this, this.transports);
    return result;
  }

  override end(): unknown {
    this.root.isEnded = true;
    return super.end();
  }

  /** Into winston's stream: what comes here is formatted already. */
  pass(info: Info): void {
    base.write.call(this, info);
  }

  _transform(info: unknown, _encoding: unknown, done: () => void): void {
    this.push(info);
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    void this.flush().then(() => super._final(done));
  }

  log(first: unknown, message?: unknown, fields?: unknown, ...rest: unknown[]): this {
    if (typeof first === 'object' && first !== null) {
      this.writeEntry(first);
      return this;
    }
    const level = findLevel(first) ?? 'info';
    if (this.accepts(levelNumbers[level])) this.say(level, message, fields, rest);
    return this;
  }

  debug(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    if (this.accepts(levelNumbers.debug)) this.say('debug', message, fields, rest);
    return this;
  }

  info(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    if (this.accepts(levelNumbers.info)) this.say('info', message, fields, rest);
    return this;
  }

  warn(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    if (this.accepts(levelNumbers.warn)) this.say('warn', message, fields, rest);
    return this;
  }

  error(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    if (this.accepts(levelNumbers.error)) this.say('error', message, fields, rest);
    return this;
  }

  critical(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    if (this.accepts(levelNumbers.critical)) this.say('critical', message, fields, rest);
    return this;
  }

  // Words of winston's npm and syslog levels: its types promise these methods, so calling one must not throw.
  warning(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    return this.warn(message, fields, ...rest);
  }
  notice(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    return this.info(message, fields, ...rest);
  }
  http(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    return this.info(message, fields, ...rest);
  }
  verbose(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    return this.debug(message, fields, ...rest);
  }
  silly(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    return this.debug(message, fields, ...rest);
  }
  fatal(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    return this.critical(message, fields, ...rest);
  }
  crit(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    return this.critical(message, fields, ...rest);
  }
  alert(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    return this.critical(message, fields, ...rest);
  }
  emerg(message: unknown, fields?: unknown, ...rest: unknown[]): this {
    return this.critical(message, fields, ...rest);
  }

  /** Streams may be piped into a logger, and winston's own profilers and handlers write here. */
  write(chunk: unknown, ...rest: unknown[]): boolean {
    if (typeof chunk === 'object' && chunk !== null && !ArrayBuffer.isView(chunk)) this.writeEntry(chunk);
    else this.log('info', String(chunk).trimEnd());
    const done = rest.at(-1);
    if (typeof done === 'function') (done as () => void)();
    return true;
  }

  isLevelEnabled(word: string): boolean {
    const level = findLevel(word);
    return level !== null && this.accepts(levelNumbers[level]);
  }

  child(fields: Fields): this {
    const all = { ...this.scope.prepared.fields, ...ownFields(fields) };
    const { logger, ...others } = all;
    const scope = {
      logger: typeof logger === 'string' ? logger : this.scope.logger,
      prepared: this.emitter.prepare(typeof logger === 'string' ? others : all),
    };
    const child = Object.create(this) as this;
    child.scope = scope;
    return child;
  }

  /** Ends the stream, which flushes our outputs and the caller's transports, and waits for it, at most `patienceMs`. */
  async close(): Promise<void> {
    const { root } = this;
    root.closing ??= Promise.all([root.flush(), endStream(root, patienceMs)]).then(() => base.close.call(root));
    await root.closing;
  }

  stats(): SinkStats {
    return this.emitter.stats();
  }

  accepts(number: number): boolean {
    return (number <= this.threshold.number || number <= this.pipeline.chattiest) && !this.silent;
  }

  private say(level: Level, message: unknown, fields: unknown, rest: readonly unknown[]): void {
    this.emitter.emit(level, message, fields, rest, this.scope, this.threshold.number);
  }

  private writeEntry(entry: object): void {
    const { level, message } = readEntry(entry);
    if (this.accepts(levelNumbers[level])) this.say(level, message, undefined, []);
  }
}

async function endStream(logger: NpsLogger, timeoutMs: number): Promise<void> {
  if (logger.isEnded) return;
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
    logger.once('finish', resolve);
    logger.end();
  });
  clearTimeout(timer);
}
