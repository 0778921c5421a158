import { describe, expect, it } from '@jest/globals';
import { redact } from '../src/redact/index.js';
import { hostileValues } from './hostile-values.js';
import { linesOf } from './log-file.js';

/** Raw characters that no line may hold: controls, C1, separators, direction marks, byte order mark. */
// oxlint-disable-next-line no-control-regex -- finding control characters is its purpose
const raw = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

const forms = [
  (log: Logs, value: unknown) => log('message', value),
  (log: Logs, value: unknown) => log(value),
  (log: Logs, value: unknown) => log('wrapped', { value }),
];

/** On a busy machine any call may be slow, but not ten in a row: the quickest of them is what the value costs. */
const ATTEMPTS = 10;

async function stillSlow(suspects: readonly { readonly name: string; readonly index: number }[]) {
  const slow: string[] = [];
  await linesOf((logger) => {
    for (const { name, index } of suspects) {
      const quickestMs = Math.min(...Array.from({ length: ATTEMPTS }, () => timeOf(logger, name, index)));
      if (quickestMs > 150) slow.push(`${name} #${index}: ${Math.round(quickestMs)} ms`);
    }
    logger.info('done');
  });
  return slow;
}

function timeOf(logger: { info: Logs }, name: string, index: number): number {
  const value = hostileValues.find((hostile) => hostile.name === name)?.build(() => undefined);
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  forms[index]?.((message, fields) => logger.info(message, fields), value);
  const { user, system } = process.cpuUsage(cpu);
  // Where others compute too, the clock runs on while this process waits for its turn.
  return Math.min(performance.now() - startedAt, (user + system) / 1000);
}

type Logs = (message: unknown, fields?: unknown) => unknown;

describe('hostile values', () => {
  it('are at least two hundred', () => {
    expect(hostileValues.length).toBeGreaterThanOrEqual(200);
  });

  it('each become one valid line of at most 64 KB within 150 ms, without a throw, a getter run or a raw control', async () => {
    const slow: { readonly name: string; readonly index: number; readonly tookMs: number }[] = [];
    let getterRuns = 0;
    const lines = await linesOf((logger) => {
      const log: Logs = (message, fields) => logger.info(message, fields);
      for (const { name, build } of hostileValues) {
        for (const [index, form] of forms.entries()) {
          const value = build(() => getterRuns++);
          const startedAt = performance.now();
          form(log, value);
          const tookMs = performance.now() - startedAt;
          if (tookMs > 150) slow.push({ name, index, tookMs });
        }
      }
    });
    expect(lines).toHaveLength(hostileValues.length * forms.length);
    for (const line of lines) {
      expect(Buffer.byteLength(line)).toBeLessThan(65_536);
      expect(raw.test(line)).toBe(false);
      expect(JSON.parse(line)).toMatchObject({ level: 'INFO', service: 'oracle', logger: 'oracle' });
    }
    expect(await stillSlow(slow)).toEqual([]);
    expect(getterRuns).toBe(0);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }, 180_000);

  it('go through `redact` without a throw or a getter run', () => {
    const ran: string[] = [];
    // Without the logger's limits these are merely a lot of work.
    const laborious = /^(?:deep|wide|long|many|big|huge|aggregate|process|global)/;
    for (const { name, build } of hostileValues) {
      if (!laborious.test(name)) redact(build(() => ran.push(name)));
    }
    expect(ran).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
