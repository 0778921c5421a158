import { type Check, type CheckSettings, defineCheck } from '../check.js';
import { checkSettings } from './settings.js';

/** Seconds since the process began; always `ok`. Called `uptime`; optional. */
export function uptimeCheck(options: CheckSettings = {}): Check {
  return defineCheck({
    ...checkSettings(options, { name: 'uptime', critical: false }),
    run: () => ({ status: 'ok', value: Math.round(process.uptime() * 10) / 10, unit: 'seconds' }),
  });
}
