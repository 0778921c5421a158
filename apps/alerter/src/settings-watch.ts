import type { Clock } from '@nps/oracle-alerts';
import { messageOf } from './errors.js';
import { createRepeat } from './repeat.js';
import type { ParsedSettings, Settings, SettingsState } from './settings.js';

/** Configuration file and secret files as something that changes. */
export interface SettingsSource {
  /** The text that is in use now. */
  readonly text: string;
  /** Their text now; throws when the configuration file cannot be read. */
  readonly read: () => string;
  readonly parse: (text: string) => ParsedSettings;
}

/** Takes a changed configuration file into use without a restart; a bad one keeps the old. */
export interface SettingsWatch {
  start(): void;
  stop(): Promise<void>;
  /** Takes the file as it is now (SIGHUP), without waiting whether it goes on changing. */
  reload(): Promise<void>;
  state(): SettingsState;
}

/** What the watch needs. */
export interface SettingsWatchDeps {
  readonly clock: Clock;
  /** Brings new settings into use. */
  readonly apply: (settings: Settings) => Promise<void>;
  readonly onApplied: (settings: Settings) => void;
  readonly onRefused: (faults: readonly string[]) => void;
}

/** The text is compared, not the file's dates: a mounted ConfigMap is swapped by links and no watcher sees it. */
const LOOK_EVERY_MS = 2000;

/** Builds the watch; nothing is read before `start()`. */
export function createSettingsWatch(source: SettingsSource, deps: SettingsWatchDeps): SettingsWatch {
  let inUse = source.text;
  let lastRead = source.text;
  let refused: string | null = null;
  let faults: readonly string[] = [];

  const refuse = (text: string | null, reasons: readonly string[]): void => {
    const isNews = reasons.join('\n') !== faults.join('\n');
    refused = text;
    faults = reasons;
    if (isNews) deps.onRefused(reasons);
  };
  const take = async (text: string): Promise<void> => {
    if (text === refused) return;
    const parsed = source.parse(text);
    if ('faults' in parsed) return refuse(text, parsed.faults);
    if (text !== inUse) {
      await deps.apply(parsed.settings);
      inUse = text;
      deps.onApplied(parsed.settings);
    }
    refused = null;
    faults = [];
  };
  const look = async (): Promise<void> => {
    const text = source.read();
    // Half a file may be good YAML with half the targets: only what stood still for one look counts.
    const stoodStill = text === lastRead;
    lastRead = text;
    if (stoodStill && (text !== inUse || faults.length > 0)) await take(text);
  };
  const onError = (error: unknown): void => refuse(null, [messageOf(error)]);
  const looking = createRepeat({ clock: deps.clock, everyMs: LOOK_EVERY_MS, run: look, onError });
  return {
    start: looking.start,
    stop: looking.stop,
    reload: async () => {
      try {
        refused = null;
        await take(source.read());
      } catch (error) {
        onError(error);
      }
    },
    state: () => ({ faults }),
  };
}
