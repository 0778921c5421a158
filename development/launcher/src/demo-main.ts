import { resolve } from 'node:path';
import { runDemo } from './demo.js';
import { LauncherError } from './errors.js';
import { readRunState } from './run-state.js';

const dataDirectory = resolve(import.meta.dirname, '../../..', process.env['NPS_DATA_DIR'] ?? '.data');

runDemo(process.argv[2], readRunState(dataDirectory)).then(
  (line) => void process.stdout.write(`${line}\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof LauncherError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  },
);
