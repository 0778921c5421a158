import { resolve } from 'node:path';
import { readConfig, USAGE } from './config.js';
import { LauncherError } from './errors.js';
import { formatEvent } from './event-lines.js';
import { createLauncher } from './launcher.js';

const root = resolve(import.meta.dirname, '../../..');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const show = (source: string, text: string): void => say(formatEvent({ at: new Date(), source, text }));

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return say(USAGE);
  const config = readConfig(process.argv.slice(2), process.env, root);
  const launcher = createLauncher(config, { show });
  let interrupts = 0;
  const stop = (signal: NodeJS.Signals): void => {
    interrupts++;
    if (interrupts > 1 && signal === 'SIGINT') process.exit(130); // a second Ctrl-C does not wait
    if (interrupts > 1) return;
    show('launcher', 'stopping: dashboard, alerter, services, database');
    void launcher.stop().then(() => {
      show('launcher', 'stopped');
      process.exit(0);
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('SIGUSR2', () => launcher.revive());
  const { dashboardUrl, oracleApiUrl, oracleSidecarUrl } = await launcher.start();
  say('');
  say(`  Dashboard         ${dashboardUrl}`);
  if (oracleApiUrl) say(`  Oracle API        ${oracleApiUrl}/api/oracle/reading`);
  if (oracleSidecarUrl) say(`  Oracle sidecar    ${oracleSidecarUrl}/health  ${oracleSidecarUrl}/metrics`);
  say(
    `  Alerts            ${config.telegram ? 'to Telegram, and shown here and on the dashboard' : 'shown here and on the dashboard only: set NPS_BOT_TOKEN and NPS_CHAT_ID for Telegram'}`,
  );
  if (config.watch.kind === 'demo')
    say('  Try it            npm run demo -- down   (in a second terminal; then: recover)');
  say('  Stop              Ctrl-C');
  say('');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof LauncherError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
});
