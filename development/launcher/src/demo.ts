import { LauncherError } from './errors.js';
import { endProcess, isRunning } from './processes.js';
import type { RunState } from './run-state.js';

/** What a newcomer can do to the demo Oracle, and what will be seen. */
export const DEMO_COMMANDS = {
  down: 'kills the Oracle; a critical alert follows within 30 s (a second one within 5 min is held)',
  slow: 'makes every reading take over 10 s; the slow-response warning follows',
  errors: 'makes every second operation fail; the error-rate warning follows',
  flapping: 'turns it off and on every few seconds; the alerts stay calm',
  recover: 'ends the fault and starts the Oracle again; the recovery is told',
} as const;
export type DemoCommand = keyof typeof DEMO_COMMANDS;

export const DEMO_USAGE = `npm run demo -- COMMAND, while npm start runs in another terminal:\n${Object.entries(
  DEMO_COMMANDS,
)
  .map(([name, text]) => `  ${name.padEnd(10)}${text}`)
  .join('\n')}`;

/** What the Oracle's sidecar is told; half of all operations, so that five minutes of good ones do not hide it for long. */
const FAULTS = {
  slow: { fault: 'slow' },
  errors: { fault: 'errors', ratio: 0.5 },
  flapping: { fault: 'flapping' },
} as const;

const TIMEOUT_MS = 5_000;

/** Sets a fault on the demo Oracle of a running launcher. Returns what to expect, in one sentence. @throws LauncherError */
export async function runDemo(command: string | undefined, state: RunState | null): Promise<string> {
  if (command === undefined || !Object.hasOwn(DEMO_COMMANDS, command)) {
    throw new LauncherError(
      'BAD_ARGUMENT',
      `${command === undefined ? 'No command given' : `Unknown command ${JSON.stringify(command)}`}.\n${DEMO_USAGE}`,
    );
  }
  const name = command as DemoCommand;
  if (!state || !isRunning(state.pid, 'launcher')) {
    throw new LauncherError('NOT_RUNNING', 'Nothing is running here: run npm start in another terminal first.');
  }
  const oracle = state.children['reference-oracle'];
  if (!state.sidecarUrl || oracle === undefined) {
    throw new LauncherError(
      'NOT_RUNNING',
      'The running launcher watches your own services, not the demo Oracle: there is nothing to break.',
    );
  }
  const alive = isRunning(oracle, 'dist/');
  if (name === 'down') {
    if (!alive) return 'The Oracle is down already. Bring it back with: npm run demo -- recover';
    endProcess(oracle, 'SIGKILL');
  } else if (alive) await setFault(state.sidecarUrl, name === 'recover' ? { fault: 'none' } : FAULTS[name]);
  else if (name === 'recover') endProcess(state.pid, 'SIGUSR2');
  else throw new LauncherError('NOT_RUNNING', 'The Oracle is down; first run: npm run demo -- recover');
  return `${name}: ${DEMO_COMMANDS[name]}. Watch the first terminal and ${state.dashboardUrl ?? 'the dashboard'}`;
}

async function setFault(sidecarUrl: string, fault: object): Promise<void> {
  const res = await fetch(`${sidecarUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  if (!res.ok)
    throw new LauncherError('CHILD_FAILED', `The Oracle refused the fault (HTTP ${res.status}): ${await res.text()}`);
}
