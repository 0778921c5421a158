import { join } from 'node:path';
import { prettyLine } from '../pretty.js';
import { type CliRequest, parseRequest, usage } from './arguments.js';
import { findLogFiles, followLines, readLines } from './log-files.js';
import { isWanted } from './record-filter.js';

/** What the command needs of the process. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly useColor: boolean;
  readonly defaultDirectory: string;
  readonly nowMs: number;
  /** Ends following. */
  readonly signal: AbortSignal;
}

/**
 * The whole command.
 * @throws LoggerError `INVALID_ARGUMENT`, `UNKNOWN_LEVEL`, `INVALID_DIRECTORY`
 */
export async function showLogs(argv: readonly string[], terminal: Terminal): Promise<void> {
  const request = parseRequest(argv, terminal.defaultDirectory, terminal.nowMs);
  if (request.command === 'help') {
    terminal.write(usage);
    return;
  }
  const show = (line: string) =>
    terminal.write(request.output === 'json' ? `${line}\n` : prettyLine(line, terminal.useColor));
  const files = request.files.length > 0 ? request.files : await findLogFiles(request.directory, request.service);
  await showWritten(files, request, show);
  if (request.mode === 'once') return;
  const live = request.files.at(-1) ?? join(request.directory, `${request.service}.log`);
  for await (const line of followLines(live, terminal.signal)) {
    if (isWanted(line, request.filter)) show(line);
  }
}

async function showWritten(files: readonly string[], request: CliRequest, show: (line: string) => void): Promise<void> {
  const kept: string[] = [];
  for await (const line of readLines(files)) {
    if (!isWanted(line, request.filter)) continue;
    if (request.last === Infinity) show(line);
    else {
      kept.push(line);
      if (kept.length > request.last) kept.shift();
    }
  }
  for (const line of kept) show(line);
}
