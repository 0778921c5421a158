import { type Check, type CheckSettings, defineCheck } from '../check.js';
import { type ReadText, readMemoryUsage } from './memory-usage.js';
import { judgeRatio, type RatioThresholds, readThresholds } from './ratio.js';
import { checkSettings } from './settings.js';

/** Settings of {@link memoryCheck}. */
export interface MemoryCheckOptions extends CheckSettings, RatioThresholds {
  /** How to read the kernel's files. Default: from the disk. */
  readonly read?: ReadText;
}

/** Memory in use against the container's limit, or the machine's memory if there is none. Called `memory`; optional. */
export function memoryCheck(options: MemoryCheckOptions = {}): Check {
  const thresholds = readThresholds('memoryCheck', options);
  return defineCheck({
    ...checkSettings(options, { name: 'memory', critical: false }),
    async run() {
      const { usedBytes, limitBytes } = await readMemoryUsage(options.read);
      return judgeRatio(usedBytes / limitBytes, thresholds, 'Memory');
    },
  });
}
