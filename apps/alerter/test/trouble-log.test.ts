import { describe, expect, it } from '@jest/globals';
import { createTroubleLog } from '../src/trouble-log.js';
import { createFakeClock } from './fake-clock.js';

describe('the log of background troubles', () => {
  it('writes the same trouble once a minute and says how often it was held back', async () => {
    const clock = createFakeClock();
    const lines: string[] = [];
    const trouble = createTroubleLog({ warn: (message) => lines.push(message) }, clock);
    for (let second = 0; second < 65; second += 1) {
      trouble('database', new Error('connection refused'));
      await clock.advance(1000);
    }
    trouble('database', new Error('other'));
    expect(lines).toEqual([
      'database: connection refused',
      'database: connection refused (and 59 times more)',
      'database: other',
    ]);
  });

  it('forgets the oldest when there are very many', () => {
    const lines: string[] = [];
    const trouble = createTroubleLog({ warn: (message) => lines.push(message) }, createFakeClock());
    for (let index = 0; index < 1000; index += 1) trouble('part', `trouble ${index}`);
    trouble('part', 'trouble 0');
    trouble('part', 'trouble 999');
    expect(lines).toHaveLength(1001);
  });
});
