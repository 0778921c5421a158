import { describe, expect, it } from '@jest/globals';

import type { CheckStatus } from '../src/index.js';
import { verdict } from '../src/verdict.js';

const check = (status: CheckStatus, critical = true, fatal = false) => ({ status, critical, fatal });

describe('verdict', () => {
  it.each([
    ['healthy', 'when every check is ok', [check('ok'), check('ok', false)]],
    ['healthy', 'with warnings alone', [check('warning'), check('warning', false)]],
    ['healthy', 'when a check is skipped', [check('ok'), check('skipped')]],
    ['healthy', 'when every check is skipped', [check('skipped'), check('skipped')]],
    ['healthy', 'without checks', []],
    ['degraded', 'when one of two critical checks failed', [check('error'), check('ok')]],
    ['degraded', 'when an optional check failed', [check('ok'), check('error', false)]],
    ['degraded', 'when only optional checks exist and all failed', [check('error', false), check('error', false)]],
    ['down', 'when every critical check failed', [check('error'), check('error'), check('ok', false)]],
    ['down', 'when every critical check that was not skipped failed', [check('error'), check('skipped')]],
    ['down', 'when a fatal check failed, critical or not', [check('ok'), check('error', false, true)]],
  ] as const)('is %s %s', (status, _when, checks) => {
    expect(verdict(checks)).toBe(status);
  });
});
