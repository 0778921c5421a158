import type { ConfigurationState } from '../contract/status.js';
import { createLoop, type Loop } from './loop.js';
import type { FoundFile, TargetsFile, TargetsResult } from './targets-file.js';

/** The operator's file as something that changes. */
export interface Configuration extends Loop {
  /** The one in use. */
  file(): TargetsFile;
  state(): ConfigurationState;
}

export interface ConfigurationDeps {
  readonly source: ConfigurationState['source'];
  /** The file as it is now. */
  find(): FoundFile;
  /** Checks it in full; a long one takes tens of milliseconds in which nobody is answered. */
  check(found: FoundFile): TargetsResult;
  readonly nowMs: () => number;
  /** Told every new reason why a changed file is not used. */
  onError(error: unknown): void;
}

/** As often as the alerter looks, so that both change together. */
const PAUSE_MS = 2000;

/**
 * Takes a changed file into use without a restart; a bad one keeps the old.
 * @param first the file in use at the start
 */
export function createConfiguration(first: TargetsFile, deps: ConfigurationDeps): Configuration {
  const { source, nowMs } = deps;
  let file = first;
  let last: FoundFile = { outcome: 'text', text: first.text };
  let checked: FoundFile | undefined;
  let state: ConfigurationState = {
    source,
    state: 'current',
    read_at: new Date(nowMs()).toISOString(),
    refused_since: null,
    faults: [],
  };
  const refuse = (faults: readonly string[]): void => {
    if (faults.join() === state.faults.join()) return;
    state = {
      ...state,
      state: 'refused',
      faults,
      refused_since: state.refused_since ?? new Date(nowMs()).toISOString(),
    };
    deps.onError(new Error(`The changed configuration file is not used: ${faults.join('; ')}`));
  };
  const look = async (): Promise<void> => {
    if (source === 'environment') return;
    const found = deps.find();
    // Half a file may be good YAML with half the targets: only what stood still for one look counts.
    const stoodStill = isSame(found, last);
    last = found;
    if (!stoodStill || isSame(found, checked)) return;
    checked = found;
    const read = deps.check(found);
    if (read.outcome === 'faults') return refuse(read.faults);
    state = {
      ...state,
      state: 'current',
      read_at: read.file.text === file.text ? state.read_at : new Date(nowMs()).toISOString(),
      refused_since: null,
      faults: [],
    };
    file = read.file;
  };
  const loop = createLoop({ pauseMs: PAUSE_MS, turn: look, onError: (error) => deps.onError(error) });
  return { ...loop, file: () => file, state: () => state };
}

function isSame(found: FoundFile, other: FoundFile | undefined): boolean {
  return found.outcome === other?.outcome && found.text === other.text;
}
