import type { AlerterConfig } from './config.js';
import { messageOf } from './errors.js';
import { defaultSettings, parseSettingsText, type Settings } from './settings.js';
import type { SettingsSource } from './settings-watch.js';

/** Settings with the file they came from, or every fault at once. */
export type LoadedSettings =
  | { readonly settings: Settings; readonly source: SettingsSource | null }
  | { readonly faults: readonly string[] };

/** Larger than any list of thousands of targets; a wrong path must not read a disk image into memory. */
const MAX_FILE_CHARACTERS = 4_000_000;

/** Reads the configuration file the environment names, or takes the defaults when it names none. */
export function loadSettings(config: AlerterConfig, readText: (path: string) => string): LoadedSettings {
  const { configPath } = config;
  if (configPath === null) {
    const defaults = defaultSettings(config);
    return 'faults' in defaults ? defaults : { ...defaults, source: null };
  }
  const read = (): string => {
    const text = readText(configPath);
    if (text.length <= MAX_FILE_CHARACTERS) return text;
    throw new Error(`expected at most ${MAX_FILE_CHARACTERS} characters, got ${text.length}`);
  };
  const parse: SettingsSource['parse'] = (text) => parseSettingsText(text, configPath, config);
  try {
    const text = read();
    const parsed = parse(text);
    return 'faults' in parsed ? parsed : { ...parsed, source: { text, read, parse } };
  } catch (error) {
    return { faults: [`${configPath}: cannot be read: ${messageOf(error)}`] };
  }
}
