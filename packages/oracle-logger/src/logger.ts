import * as fs from 'node:fs';
import { join } from 'node:path';
import winston from 'winston';
import { findCallSite } from './call-site.js';
import { readProcessDefaults } from './config.js';
import { Emitter } from './emitter.js';
import { onExit } from './exit-hooks.js';
import { type Level, levelColors, levelNumbers } from './levels.js';
import { LineBuilder, noFields } from './line/line-builder.js';
import { ecsShape, oracleShape } from './line/shape.js';
import { type LoggerOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { ownFields } from './own-fields.js';
import { patienceMs } from './patience.js';
import { Pipeline } from './pipeline.js';
import { prettyLine } from './pretty.js';
import type { Fields } from './record.js';
import { createRedactor } from './redact/redactor.js';
import { NpsLogger } from './winston-logger.js';
import { DailyFiles } from './writer/daily-files.js';
import type { DrainEvent } from './writer/drain.js';
import { targets } from './writer/layout.js';
import type { LineSink, SinkStats } from './writer/line-sink.js';
import { makeFolder, type OutputSetup } from './writer/output.js';
import { startThread } from './writer/thread.js';
import { LineWriter } from './writer/writer.js';

/** Logs at one level; an Error may stand in the place of the message or of the fields. */
export type LogMethod = (message: unknown, fields?: unknown, ...rest: unknown[]) => OracleLogger;

/** What this package adds to winston's Logger. */
export interface OracleLoggerMethods extends Readonly<Record<Level, LogMethod>> {
  /** Logs at a level by name, in any case; `warning` is `warn`. */
  log(level: string, message: unknown, fields?: unknown, ...rest: unknown[]): OracleLogger;
  log(entry: { readonly level: string; readonly message: unknown; readonly [field: string]: unknown }): OracleLogger;
  /** A logger whose lines carry `fields` too; a field `logger` renames it. */
  child(fields: Fields): OracleLogger;
  /** Resolves when every accepted line is on disk, or after 2 s at the latest. Later lines are dropped. */
  close(): Promise<void>;
  /** How much is held in memory, and how many lines were dropped since the start. */
  stats(): SinkStats;
}

/** A winston.Logger with the five levels of NPS, redaction, and a `close` that waits for the disk. */
export type OracleLogger = OracleLoggerMethods & winston.Logger;

/** Whether a logger of this process has been warmed up. */
let isWarm = false;

/** A thread that spends this long in one call to the file system at the end of the process is hung, in milliseconds. */
const hungAfterMs = 200;

/**
 * Builds a logger; the options left out come from the environment.
 * @throws LoggerError `INVALID_OPTION`, `UNKNOWN_LEVEL`
 */
export function createLogger(options: LoggerOptions): OracleLogger {
  const resolved = resolveOptions(options, readProcessDefaults(options?.service ?? ''));
  const problem = resolved.directory === false ? null : tryDirectory(resolved.directory);
  const settled = problem === null ? resolved : withoutFiles(resolved);
  winston.addColors(levelColors);
  const logger = new NpsLogger({ levels: levelNumbers, level: settled.level });
  const sinks = createSinks(settled, (event) => reportEvent(logger, event));
  const builder = new LineBuilder(
    settled.profile === 'ecs' ? ecsShape(settled.service) : oracleShape(settled.service),
    createRedactor(settled.redact),
    settled.maxSizeBytes,
  );
  warmUp(builder);
  logger.root = logger;
  logger.pipeline = new Pipeline();
  logger.emitter = new Emitter({
    builder,
    sinks,
    pipeline: logger.pipeline,
    standardFormat: logger.format,
    targets: targets.file | targets.errors | (settled.console === 'json' ? targets.console : 0),
    pretty: settled.console === 'pretty' ? (line) => prettyLine(line, true) : null,
    now: Date.now,
    callSite: settled.callSite ? findCallSite : null,
  });
  logger.scope = {
    logger: settled.name,
    prepared: Object.keys(settled.fields).length === 0 ? noFields : builder.prepare(ownFields(settled.fields)),
  };
  const removeExitHook = onExit({
    flush: () => flushAtExit(sinks),
    crash: (error, origin) => logCrash(logger, error, origin),
  });
  logger.flush = async () => {
    const { dropped } = logger.emitter.stats();
    await Promise.all(sinks.map((sink) => sink.close(patienceMs)));
    removeExitHook();
    warnOfDropped(settled.service, logger.emitter.stats().dropped - dropped);
  };
  logger.on('error', (error: Error) =>
    logger.warn(`A log transport failed: ${error.message}`, { error_type: error.name }),
  );
  if (settled.format !== undefined) logger.format = settled.format;
  for (const transport of settled.transports) logger.add(transport);
  if (problem !== null) {
    logger.warn(
      `Cannot write log files to ${String(resolved.directory)} (${problem}): logging to standard output only`,
    );
  }
  return logger as unknown as OracleLogger;
}

/** What runs first is compiled first, for milliseconds: once, when a service starts, and in none of its log calls. */
function warmUp(builder: LineBuilder): void {
  if (isWarm) return;
  isWarm = true;
  const error = new Error('Cannot connect to postgres://user:password@host/database?token=abcdefgh');
  const fields = { user_id: 'user-1', action: 'start', duration_ms: 1, error };
  builder.build('error', 'First', fields, { logger: '', prepared: noFields }, noFields, Date.now());
}

/** Why the folder cannot hold log files, as the system's error code, or null when it can. */
function tryDirectory(directory: string): string | null {
  try {
    makeFolder(fs, directory);
    fs.accessSync(directory, fs.constants.W_OK | fs.constants.X_OK);
    return fs.statSync(directory).isDirectory() ? null : 'ENOTDIR';
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
}

function withoutFiles(options: ResolvedOptions): ResolvedOptions {
  return { ...options, directory: false, console: options.console === false ? 'json' : options.console };
}

/** Files by size and standard output are our own writer's; files by date are the library's. */
function createSinks(options: ResolvedOptions, onEvent: (event: DrainEvent) => void): readonly LineSink[] {
  const { directory, rotation } = options;
  const sinks: LineSink[] = [];
  if (directory !== false && rotation === 'daily') sinks.push(new DailyFiles({ ...options, directory, onEvent }));
  const outputs = [
    ...(directory !== false && rotation === 'size' ? fileOutputs(options, directory) : []),
    ...(options.console === false ? [] : [{ kind: 'console', targets: targets.console, fd: 1 } as const]),
  ];
  if (outputs.length > 0) sinks.push(new LineWriter({ outputs, onEvent, startThread }));
  return sinks;
}

function fileOutputs(options: ResolvedOptions, directory: string): readonly OutputSetup[] {
  const { fileName, maxSizeBytes, backups } = options;
  const file = (name: string, fileTargets: number): OutputSetup => ({
    kind: 'file',
    targets: fileTargets,
    path: join(directory, name),
    maxSizeBytes,
    backups,
  });
  const main = file(`${fileName}.log`, targets.file);
  return options.errorFile ? [main, file(`${fileName}_errors.log`, targets.errors)] : [main];
}

function reportEvent(logger: NpsLogger, event: DrainEvent): void {
  if (event.kind === 'fault') {
    logger.warn(`Cannot write the log to ${event.output}: ${event.message}`, { error_type: event.code });
    return;
  }
  if (event.dropped === 0) return;
  logger.warn(`Dropped ${event.dropped} log records that could not be written to ${event.output}`, {
    log_records_dropped: event.dropped,
    log_records_dropped_total: logger.emitter.stats().dropped,
  });
}

/** No log line can say that log lines could not be written while the logger closed; Node's own warning can. */
function warnOfDropped(service: string, count: number): void {
  if (count === 0) return;
  process.emitWarning(`${count} log records of ${service} were not written before its logger had to close`, {
    code: 'LOG_RECORDS_DROPPED',
  });
}

function logCrash(logger: NpsLogger, error: unknown, origin: string): void {
  logger.critical(`Process ends: ${origin}`, typeof error === 'object' ? error : { error: { message: error } });
}

/** A file system that hangs would keep the process for ever: its thread cannot be stopped, so the process is. */
function flushAtExit(sinks: readonly LineSink[]): void {
  for (const sink of sinks) {
    if (!sink.exit(patienceMs) && sink.isHung(hungAfterMs)) process.kill(process.pid, 'SIGKILL');
  }
}
