import * as fs from 'node:fs';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createDrain, type DrainEvent } from '../../src/writer/drain.js';
import { createSharedRing, layout, slots, targets } from '../../src/writer/layout.js';
import { createOutput, type Output } from '../../src/writer/output.js';
import { claimDrain, createRing, releaseDrain } from '../../src/writer/ring.js';
import { temporaryFolder } from '../log-file.js';

class FaultyOutput implements Output {
  written = '';
  closed = 0;
  /** Error codes of the next writes; empty strings let them pass. */
  codes: string[] = [];
  /** At most so many bytes are taken at once. */
  mostBytes = Infinity;

  constructor(readonly name: string) {}

  open(): void {
    const code = this.codes.shift() ?? '';
    if (code !== '') throw Object.assign(new Error(`cannot: ${code}`), code === 'none' ? {} : { code });
  }

  limit(_bytes: Uint8Array, _from: number, to: number): number {
    return to;
  }

  write(bytes: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, from + this.mostBytes);
    this.written += Buffer.from(bytes.subarray(from, end)).toString();
    if (end < to && this.mostBytes < 10) {
      this.codes.unshift('ENOSPC', 'ENOSPC');
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    }
    return end - from;
  }

  endsWith(bytes: Uint8Array): boolean {
    return this.written.endsWith(Buffer.from(bytes).toString());
  }

  close(): void {
    this.closed++;
  }
}

function setUp(output: Output, capacityBytes = 4096) {
  const shared = createSharedRing(capacityBytes, 1);
  const events: DrainEvent[] = [];
  let nowMs = 0;
  const drain = createDrain({
    ...shared,
    layout,
    outputs: [{ output, targets: targets.file }],
    now: () => nowMs,
    report: (event) => events.push(event),
  });
  return {
    shared,
    ring: createRing(shared),
    drain,
    events,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('the drain', () => {
  it('waits longer and longer for a full pipe, without calling it a fault', () => {
    const output = new FaultyOutput('stdout');
    output.codes = ['EAGAIN', 'EAGAIN', 'EAGAIN', ''];
    const { ring, drain, events, pass } = setUp(output);
    ring.push('line\n', targets.file);
    const waits = [0, 1, 2].map(() => {
      const waitMs = drain.step(1000);
      pass(waitMs);
      return waitMs;
    });
    expect(waits).toEqual([10, 20, 40]);
    expect(drain.step(1000)).toBe(Infinity);
    expect([output.written, events]).toEqual(['line\n', []]);
  });

  it('tells of a fault once, tries every second at most, and tells of the recovery', () => {
    const output = new FaultyOutput('/logs/oracle.log');
    output.codes = ['EIO', ...Array.from({ length: 8 }, () => 'none')];
    const { ring, drain, events, pass } = setUp(output);
    ring.push('line\n', targets.file);
    let longestMs = 0;
    for (let waitMs = drain.step(1000); waitMs !== Infinity; waitMs = drain.step(1000)) {
      longestMs = Math.max(longestMs, waitMs);
      expect(drain.step(1000)).toBe(waitMs);
      pass(waitMs);
    }
    expect(longestMs).toBe(1000);
    expect(events).toEqual([
      { kind: 'fault', output: '/logs/oracle.log', code: 'EIO', message: 'cannot: EIO' },
      { kind: 'recovered', output: '/logs/oracle.log', dropped: 0 },
    ]);
  });

  it.each([
    ['had written its frame', 'one\ntwo\n', 'one\ntwo\n'],
    ['had written nothing', 'before\n', 'before\none\ntwo\n'],
  ])('takes over from one that died in a write and %s, losing and doubling nothing', (_name, found, expected) => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'oracle.log');
    writeFileSync(path, found);
    const file = { kind: 'file', targets: targets.file, path, maxSizeBytes: 1e6, backups: 1 } as const;
    const { ring, drain, shared } = setUp(createOutput(fs, file));
    ring.push('one\ntwo\n', targets.file);
    shared.control[slots.sinks + 4] = 8;
    expect(drain.step(1000)).toBe(Infinity);
    drain.close();
    expect(readFileSync(path, 'utf8')).toBe(expected);
    folder.remove();
  });

  it('gives up standard output for good when nobody reads it any more', () => {
    const output = new FaultyOutput('stdout');
    output.codes = ['EPIPE'];
    const { ring, drain, shared } = setUp(output);
    ring.push('a\nb\n', targets.file);
    expect(drain.step(1000)).toBe(Infinity);
    ring.push('c\n', targets.file);
    expect(drain.step(1000)).toBe(Infinity);
    expect([output.written, shared.control[slots.dropped], ring.heldBytes()]).toEqual(['', 3, 0]);
  });

  it('gives up the oldest lines of an output that fails for long, keeps half a ring, and ends a torn line', () => {
    const output = new FaultyOutput('/logs/oracle.log');
    const { ring, drain, events, pass, shared } = setUp(output);
    output.mostBytes = 3;
    ring.push('torn line\nsecond\n', targets.file);
    drain.step(1000);
    output.mostBytes = Infinity;
    // The first write took three bytes and then failed, without being counted.
    output.written = '';
    shared.control[slots.sinks + 1] = 3;
    let pushed = 0;
    for (let n = 0; n < 200; n++) {
      if (ring.push(`${String(n).padStart(98, '0')}\n`, targets.file)) pushed++;
      drain.step(1000);
    }
    expect(ring.heldBytes()).toBeLessThanOrEqual(2048 + 104);
    pass(1000);
    output.codes = [];
    expect(drain.step(1e6)).toBe(Infinity);
    const lines = output.written.split('\n').slice(0, -1);
    expect(lines[0]).toBe('n line');
    const dropped = shared.control[slots.dropped] ?? 0;
    expect(lines.length - 1 + dropped).toBe(pushed + 1);
    expect(events.at(-1)).toMatchObject({ kind: 'recovered', dropped });
    drain.close();
    expect(output.closed).toBeGreaterThan(0);
  });

  it('stops at its budget and skips frames for others', () => {
    const output = new FaultyOutput('/logs/oracle.log');
    const { ring, drain } = setUp(output);
    for (let n = 0; n < 4; n++) ring.push(`${n}\n`.repeat(50), n % 2 === 0 ? targets.file : targets.console);
    expect(drain.step(50)).toBe(0);
    expect(drain.step(1000)).toBe(Infinity);
    expect(output.written).toBe('0\n'.repeat(50) + '2\n'.repeat(50));
  });
});

describe('the ring', () => {
  it('goes round for ever, whatever the lengths, and refuses what does not fit', () => {
    const output = new FaultyOutput('x');
    const { ring, drain } = setUp(output, 1024);
    let expected = '';
    for (let n = 0; n < 500; n++) {
      const text = `${'é'.repeat((n * 37) % 200)}${n}\n`;
      if (!ring.push(text, targets.file)) {
        drain.step(1e9);
        expect(ring.push(text, targets.file)).toBe(true);
      }
      expected += text;
    }
    drain.step(1e9);
    expect(output.written).toBe(expected);
    expect(ring.push('x'.repeat(2000), targets.file)).toBe(false);
    expect(ring.waitForRelease(1)).toBe(false);
  });

  it('is woken once for each of its sleeps', () => {
    const { shared, ring } = setUp(new FaultyOutput('x'));
    const wakes = () => shared.control[slots.wake];
    ring.wake();
    expect(wakes()).toBe(0);
    for (const sleep of [1, 2]) {
      shared.control[slots.sleeping] = 1;
      ring.wake();
      ring.wake();
      expect(wakes()).toBe(sleep);
    }
  });

  it('is drained by one at a time', () => {
    const { shared } = setUp(new FaultyOutput('x'));
    expect([claimDrain(shared.control, 1), claimDrain(shared.control, 2), claimDrain(shared.control, 1)]).toEqual([
      true,
      false,
      true,
    ]);
    releaseDrain(shared.control, 2);
    expect(claimDrain(shared.control, 2)).toBe(false);
    releaseDrain(shared.control, 1);
    expect(claimDrain(shared.control, 2)).toBe(true);
  });
});
