import type { AlerterConfig } from './config.js';
import { messageOf } from './errors.js';
import { defaultSettings, type ParsedSettings, parseSettingsText } from './settings.js';

/** Larger than any list of thousands of targets; a wrong path must not read a disk image into memory. */
const MAX_FILE_CHARACTERS = 4_000_000;

/** Reads the configuration file the environment names, or takes the defaults when it names none. */
export function loadSettings(config: AlerterConfig, readText: (path: string) => string): ParsedSettings {
  const { configPath } = config;
  if (configPath === null) return defaultSettings(config);
  try {
    const text = readText(configPath);
    if (text.length > MAX_FILE_CHARACTERS)
      return { faults: [`${configPath}: expected at most ${MAX_FILE_CHARACTERS} characters`] };
    return parseSettingsText(text, configPath, config);
  } catch (error) {
    return { faults: [`${configPath}: cannot be read: ${messageOf(error)}`] };
  }
}
