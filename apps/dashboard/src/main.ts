import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { createLogger, redact } from '@nps/oracle-logger';
import { readConfig } from './server/config.js';
import { createDashboard } from './server/dashboard.js';
import { readTargets } from './server/targets-file.js';

// V8 would rather grow than collect: what charts leave behind would keep 230 MB resident. Not `--optimize-for-size`: it
// collects so eagerly that half of a chart's time went into it.
setFlagsFromString('--heap-growing-percent=50');

const parsed = readConfig(process.env);
if (parsed.outcome === 'faults') exitWith(parsed.faults);
const { config } = parsed;
const file = readTargets(config);
if (file.outcome === 'faults') exitWith(file.faults);

const logger = createLogger({ service: 'dashboard', directory: config.logDirectory, console: 'json' });
const dashboard = createDashboard(config, {
  file: file.file,
  pageDirectory: join(fileURLToPath(new URL('.', import.meta.url)), 'web'),
  redact: (text) => redact(text),
  onError: (error) => void logger.warn('Something failed and was survived', { error }),
});

// Before anything is awaited: as the first process of a container it would ignore the signal otherwise.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void stop(signal));
}

try {
  const { port } = await dashboard.start();
  logger.info('listening', { port, host: config.host, url: `http://${config.host}:${port}` });
} catch (error) {
  await Promise.allSettled([dashboard.stop(), logger.close()]);
  exitWith([error instanceof Error ? error.message : String(error)]);
}

async function stop(signal: string): Promise<void> {
  logger.info('stopping', { signal });
  await dashboard.stop();
  await logger.close();
  process.exit(0);
}

function exitWith(faults: readonly string[]): never {
  console.error(`The dashboard does not start: ${faults.join('; ')}`);
  process.exit(1);
}
