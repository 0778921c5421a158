import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { createSystemClock } from '@nps/oracle-alerts';
import { createLogger, type OracleLogger, redact } from '@nps/oracle-logger';
import { createAlerter } from './alerter.js';
import { HELP } from './command-line.js';
import { checkConfigReport } from './commands/check-config.js';
import { lookOnce } from './commands/once.js';
import { answerPeople } from './commands/people.js';
import { runDrill } from './commands/test.js';
import type { AlerterConfig } from './config.js';
import { AlerterError } from './errors.js';
import { printable } from './printable.js';
import { shownList } from './shown-list.js';
import { type RunnableStartup, readStartup } from './startup.js';
import { within } from './within.js';

/** What still hangs so long after the signal is given up, so that log and exit fit into the 10 s a container is given. */
const STOP_DEADLINE_MS = 7500;
const VERSION = '0.1.0';
/**
 * How much garbage may gather beside what is in use, in per cent. Left alone, V8 lets it grow to several times of that,
 * some 100 MB with a thousand targets; collecting earlier costs next to nothing.
 */
const HEAP_GROWTH_PERCENT = 60;

// Before any await: as process 1 of a container, a signal without a handler is ignored.
const stopRequested = new Promise<string>((resolve) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
});

// Whoever ends before `main` has an answer has failed.
process.exitCode = 1;
main().then(
  (exitCode) => {
    process.exitCode = exitCode;
    // Whatever still holds the process (a hung server, a slow socket) must not outlive the answer.
    setTimeout(() => process.exit(exitCode), 1000).unref();
  },
  (error: unknown) => {
    process.stderr.write(
      `alerter: ${error instanceof AlerterError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exit(1);
  },
);

async function main(): Promise<number> {
  const startup = readStartup(process.argv.slice(2), process.env, (path) => readFileSync(path, 'utf8'));
  if (startup.command === 'help') return report({ lines: HELP.split('\n'), exitCode: 0 });
  if (startup.command === 'check-config') return report(checkConfigReport(startup));
  if ('faults' in startup)
    throw new AlerterError('CONFIGURATION', `the configuration is not usable: ${shownList(startup.faults).join('; ')}`);
  const { command, request, config, settings } = startup;
  const world = { clock: createSystemClock({ keepsAlive: true }), redact };
  if (request !== undefined) return report(await answerPeople(request, config, settings, world));
  if (command === 'once') return report(await lookOnce(config, settings, world));
  if (command === 'test') return report(await runDrill(config, settings, world));
  return run(startup);
}

function report({ lines, exitCode }: { readonly lines: readonly string[]; readonly exitCode: number }): number {
  process.stdout.write(`${lines.map(printable).join('\n')}\n`);
  return exitCode;
}

async function run({ config, settings, source }: RunnableStartup): Promise<number> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const log = openLog(config, process.stdout.isTTY ? 'pretty' : 'json');
  const clock = createSystemClock();
  const alerter = createAlerter(config, { settings, source, log, redact, version: VERSION, clock });
  process.on('SIGHUP', () => void alerter.reload());
  try {
    const started = await Promise.race([alerter.start(), stopRequested]);
    if (typeof started === 'string') return 0;
    log.info('listening', { port: started.port, host: config.host });
    if (Object.keys(settings.notifiers).length === 0) {
      log.warn(
        'NO CHANNEL IS CONFIGURED: nobody will be told, alerts are only written to this log. Set NPS_BOT_TOKEN and NPS_CHAT_ID, or add channels to the configuration file.',
      );
    }
    if (config.databaseUrl === null) log.warn('DATABASE_URL is not set: nothing is recorded, alerts live in memory');
    log.info(`stopping on ${await stopRequested}`);
    return 0;
  } finally {
    await within(clock, STOP_DEADLINE_MS, alerter.stop(), () =>
      log.warn(`the stop took longer than ${STOP_DEADLINE_MS} ms and was given up`),
    );
    await log.close();
  }
}

function openLog(config: AlerterConfig, console: 'json' | 'pretty' | false): OracleLogger {
  return createLogger({ service: 'alerter', level: config.logLevel, console, directory: config.logDirectory ?? false });
}
