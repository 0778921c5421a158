import { statfs } from 'node:fs/promises';

import { type Check, type CheckSettings, defineCheck } from '../check.js';
import { createSingleFlight } from '../single-flight.js';
import { judgeRatio, type RatioThresholds, readThresholds } from './ratio.js';
import { checkSettings } from './settings.js';

/** Settings of {@link diskCheck}. */
export interface DiskCheckOptions extends CheckSettings, RatioThresholds {
  /** A file or folder on the file system in question. Default `/`. */
  readonly path?: string;
}

/** Space or inodes in use, whichever is scarcer, as `df` counts them. Called `disk`; optional. */
export function diskCheck(options: DiskCheckOptions = {}): Check {
  const { path = '/' } = options;
  const thresholds = readThresholds('diskCheck', options);
  // A dead network file system holds the thread that asks it: never more than one of the process's few.
  const ask = createSingleFlight(() => statfs(path));
  return defineCheck({
    ...checkSettings(options, { name: 'disk', critical: false }),
    async run() {
      const { blocks, bfree, bavail, files, ffree } = await ask.run();
      const space = usedRatio(blocks - bfree, bavail);
      // Some file systems (btrfs, overlay on it) have no fixed number of inodes and say 0.
      const inodes = files > 0 ? usedRatio(files - ffree, ffree) : 0;
      return inodes > space ? judgeRatio(inodes, thresholds, 'Inodes') : judgeRatio(space, thresholds, 'Space');
    },
  });
}

// What root reserves is neither used nor available: `df` leaves it out of the percentage.
function usedRatio(used: number, available: number): number {
  return used + available === 0 ? 0 : used / (used + available);
}
