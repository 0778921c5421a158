import { showLogs } from './show-logs.js';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.stdout.on('error', () => process.exit(0));

showLogs(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  useColor: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  defaultDirectory: process.env['ORACLE_LOG_DIR'] ?? process.env['LOG_DIR'] ?? '/app/logs',
  nowMs: Date.now(),
  signal: stop.signal,
}).catch((error: unknown) => {
  process.stderr.write(`oracle-logs: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
