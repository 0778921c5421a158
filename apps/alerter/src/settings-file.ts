import type { AlerterConfig } from './config.js';
import { messageOf } from './errors.js';
import { readSecretFiles } from './secret-files.js';
import { defaultSettings, type ParsedSettings, parseSettingsText, type Settings } from './settings.js';
import type { SettingsSource } from './settings-watch.js';
import { referencedVariables } from './variables.js';

/** Settings with what they came from, or every fault at once. */
export type LoadedSettings =
  | { readonly settings: Settings; readonly source: SettingsSource }
  | { readonly faults: readonly string[] };

/** Larger than any list of thousands of targets; a wrong path must not read a disk image into memory. */
const MAX_FILE_CHARACTERS = 4_000_000;

type ReadText = (path: string) => string;
type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration file and the secrets that stand in files, as they are at one moment. */
interface Originals {
  /** Null without a configuration file: the defaults hold. */
  readonly text: string | null;
  readonly secrets: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
}

/**
 * Reads the configuration file the environment names, or takes the defaults when it names none. The source reads it again,
 * and the secret files with it: a token that was exchanged is used without a restart.
 */
export function loadSettings(config: AlerterConfig, env: Environment, readText: ReadText): LoadedSettings {
  const { configPath } = config;
  const parse = (originals: Originals): ParsedSettings => {
    const { text, secrets } = originals;
    const current = { ...config, variables: { ...config.variables, ...secrets } };
    const parsed =
      configPath === null || text === null ? defaultSettings(current) : parseSettingsText(text, configPath, current);
    const faults = [...originals.faults, ...('faults' in parsed ? parsed.faults : [])];
    return faults.length > 0 ? { faults } : parsed;
  };
  // One text, so that whatever changes is a change; it holds secrets and is shown nowhere.
  const read = (): string => JSON.stringify(readOriginals(configPath, env, readText));
  try {
    const text = read();
    const parsed = parse(JSON.parse(text) as Originals);
    if ('faults' in parsed) return parsed;
    return { ...parsed, source: { text, read, parse: (again) => parse(JSON.parse(again) as Originals) } };
  } catch (error) {
    return { faults: [messageOf(error)] };
  }
}

/** @throws Error when the configuration file cannot be read, with a sentence that says so */
function readOriginals(configPath: string | null, env: Environment, readText: ReadText): Originals {
  const text = configPath === null ? null : readConfigurationFile(configPath, readText);
  const { secrets, faults } = readSecretFiles(env, readText, text === null ? [] : referencedVariables(text));
  return { text, secrets, faults };
}

function readConfigurationFile(path: string, readText: ReadText): string {
  let text: string;
  try {
    text = readText(path);
  } catch (error) {
    throw new Error(`${path}: cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (text.length <= MAX_FILE_CHARACTERS) return text;
  throw new Error(`${path}: cannot be read: expected at most ${MAX_FILE_CHARACTERS} characters, got ${text.length}`);
}
