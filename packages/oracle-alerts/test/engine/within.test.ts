import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { within } from '../../src/engine/within.js';
import { createSystemClock } from '../../src/index.js';
import { createFakeClock } from './fake-world.js';

const stall = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe('a limit', () => {
  it('does not count an answer as late that came while this process stood still', async () => {
    const answer = within(createSystemClock(), 50, readFile(import.meta.filename, 'utf8'), () => 'late');
    stall(400);
    expect(await answer).toContain('import');
  });

  it('ends what does not answer a quarter of a second after it, and leaves no timer of what does', async () => {
    const clock = createFakeClock();
    let said = '';
    void within(clock, 1000, new Promise<string>(() => undefined), () => 'late').then((word) => {
      said = word;
    });
    await clock.pass(1249);
    expect(said).toBe('');
    await clock.pass(1);
    expect(said).toBe('late');
    expect(await within(clock, 1000, Promise.resolve('in time'), () => 'late')).toBe('in time');
    await expect(within(clock, 1000, Promise.reject(new Error('broken')), () => 'late')).rejects.toThrow('broken');
  });
});
