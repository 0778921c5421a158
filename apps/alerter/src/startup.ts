import { type Command, type PeopleRequest, parseCommandLine } from './command-line.js';
import { type AlerterConfig, readConfig } from './config.js';
import { readSecretFiles } from './secret-files.js';
import { type Settings } from './settings.js';
import { loadSettings } from './settings-file.js';
import type { SettingsSource } from './settings-watch.js';
import { referencedVariables } from './variables.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything one start needs. */
export interface RunnableStartup {
  readonly command: Exclude<Command, 'help'>;
  /** Only with the commands of people. */
  readonly request?: PeopleRequest;
  readonly config: AlerterConfig;
  readonly settings: Settings;
  /** Configuration file and secret files, to be watched. */
  readonly source: SettingsSource;
}

/** What to start, or every reason why it cannot be, each a sentence. */
export type Startup =
  | RunnableStartup
  | { readonly command: 'help' }
  | { readonly command: Command; readonly faults: readonly string[] };

/** Reads command line, environment, secret files and configuration file; every fault of all of them at once. */
export function readStartup(args: readonly string[], env: Environment, readText: (path: string) => string): Startup {
  const line = parseCommandLine(args);
  if ('fault' in line) return { command: 'run', faults: [line.fault] };
  const { command, configPath } = line;
  const request = 'request' in line ? { request: line.request } : {};
  if (command === 'help') return { command };

  const secrets = readSecretFiles(env, readText, namesInFile(configPath ?? env['NPS_CONFIG'], readText));
  const read = readConfig(secrets.env, configPath);
  // The file's faults are told even when the environment has some of its own.
  const config = 'config' in read ? read.config : fallbackConfig(secrets.env, configPath);
  const loaded = loadSettings(config, env, readText);
  // Both readings of the secret files say the same of one that cannot be read.
  const faults = [...new Set([secrets, read, loaded].flatMap((part) => ('faults' in part ? part.faults : [])))];
  if (faults.length > 0 || 'faults' in loaded) return { command, faults };
  return { command, ...request, config, ...loaded };
}

/** Variables that the configuration file mentions may have `_FILE` twins as well; an unreadable file is a fault later on. */
function namesInFile(path: string | undefined, readText: (path: string) => string): readonly string[] {
  try {
    return path ? referencedVariables(readText(path)) : [];
  } catch {
    return [];
  }
}

/** Defaults with the real variables: good enough to check the file, never to run. */
function fallbackConfig(env: Environment, configPath: string | null): AlerterConfig {
  const defaults = readConfig({}, configPath ?? env['NPS_CONFIG'] ?? null);
  if ('faults' in defaults) throw new Error('the defaults of the configuration are faulty');
  const variables = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return { ...defaults.config, variables };
}
