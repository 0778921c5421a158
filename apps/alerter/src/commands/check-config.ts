import { shownList } from '../shown-list.js';
import type { Startup } from '../startup.js';

/** What `--check-config` prints and exits with. Pure. */
export function checkConfigReport(startup: Startup): { readonly lines: readonly string[]; readonly exitCode: 0 | 1 } {
  if ('faults' in startup) {
    const count = startup.faults.length === 1 ? '1 fault' : `${startup.faults.length} faults`;
    return {
      lines: [`The configuration has ${count}:`, ...shownList(startup.faults).map((fault) => `  - ${fault}`)],
      exitCode: 1,
    };
  }
  if (!('settings' in startup)) return { lines: [], exitCode: 0 };
  const { config, settings } = startup;
  const channels = Object.entries(settings.notifiers).map(([name, { kind }]) =>
    name === kind ? name : `${name} (${kind})`,
  );
  return {
    exitCode: 0,
    lines: [
      `The configuration is good${config.configPath === null ? '' : ` (${config.configPath})`}.`,
      `  targets:  ${shownList(settings.targets.map((target) => `${target.name} (${target.kind})`)).join(', ')}`,
      `  rules:    ${shownList(settings.rules.map((rule) => rule.name)).join(', ')}`,
      `  channels: ${channels.length === 0 ? 'NONE: nobody would be told' : channels.join(', ')}`,
      `  database: ${config.databaseUrl === null ? 'NONE: nothing would be recorded' : 'configured'}`,
    ],
  };
}
