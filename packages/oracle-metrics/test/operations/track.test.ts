import { describe, expect, it } from '@jest/globals';
import { createMetrics, type OracleMetrics, trackOperation } from '../../src/index.js';
import { createFakeClock } from '../fake-clock.js';

function setUp() {
  const clock = createFakeClock();
  const metrics = createMetrics({ service: 'oracle', now: clock.now });
  const reading = () => metrics.getMetrics().windows['5m'].by_operation.reading;
  return { clock, metrics, reading };
}

describe('track', () => {
  it('times a function that returns and hands on its value', () => {
    const { clock, metrics, reading } = setUp();
    expect(
      metrics.track('reading', () => {
        clock.advance(250);
        return 'leo';
      }),
    ).toBe('leo');
    expect(reading()).toMatchObject({ count: 1, errors: 0, max: 250 });
  });

  it('times a promise to its settlement and hands on the promise itself', async () => {
    const { clock, metrics, reading } = setUp();
    let settle: (value: string) => void = () => undefined;
    const promise = new Promise<string>((resolve) => {
      settle = resolve;
    });
    expect(metrics.track('reading', () => promise)).toBe(promise);
    clock.advance(300);
    expect(metrics.getMetrics().in_flight).toMatchObject([{ operation: 'reading', duration_ms: 300 }]);
    settle('leo');
    expect(await promise).toBe('leo');
    expect(reading()).toMatchObject({ count: 1, errors: 0, max: 300 });
  });

  it.each([
    ['an Error', new RangeError('x'), 'RangeError'],
    ['an Error with a code word', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['an Error with a code that is a number', Object.assign(new Error('x'), { code: 14 }), 'Error'],
    ['a string', 'broken', 'broken'],
    ['undefined', undefined, 'unknown'],
    ['null', null, 'unknown'],
    ['an empty name', { name: ' ' }, 'unknown'],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          has: () => {
            throw new Error('no');
          },
        },
      ),
      'unknown',
    ],
  ])('counts a rejection with %s as a failure and lets it through', async (_name, error, type) => {
    const { metrics, reading } = setUp();
    await expect(metrics.track('reading', () => Promise.reject(error))).rejects.toBe(error);
    expect(reading()).toMatchObject({ count: 1, errors: 1 });
    expect(metrics.getMetrics().errors.by_type).toEqual({ [type]: 1 });
    let thrown: unknown = 'nothing';
    try {
      metrics.track('reading', () => {
        throw error;
      });
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBe(error);
    expect(reading()).toMatchObject({ count: 2, errors: 2 });
  });

  it('asks a lazy thenable once and times its answer', async () => {
    const { metrics, reading } = setUp();
    let asked = 0;
    const query: PromiseLike<string> = {
      // oxlint-disable-next-line unicorn/no-thenable -- a lazy query builder is just that
      then: (onFulfilled) => {
        asked++;
        return Promise.resolve('rows').then(onFulfilled);
      },
    };
    expect(await metrics.track('reading', () => query)).toBe('rows');
    expect([asked, reading()?.count]).toEqual([1, 1]);
  });

  it('times a generator from its first value to its end, and lets values, returns and errors through', () => {
    const { clock, metrics, reading } = setUp();
    const count = metrics.track('reading', function* () {
      const got: unknown = yield 1;
      clock.advance(500);
      yield got;
      return 'end';
    });
    clock.advance(10_000);
    expect(metrics.getMetrics().in_flight).toEqual([]);
    expect([count.next(), count.next('two'), count.next()]).toEqual([
      { done: false, value: 1 },
      { done: false, value: 'two' },
      { done: true, value: 'end' },
    ]);
    expect(reading()).toMatchObject({ count: 1, errors: 0, max: 500 });
    const failing = metrics.track('reading', function* () {
      yield 1;
      throw new RangeError('x');
    });
    expect(() => [...failing]).toThrow(RangeError);
    expect(reading()).toMatchObject({ count: 2, errors: 1 });
  });

  it('ends a generator that its consumer leaves early', () => {
    const { metrics, reading } = setUp();
    for (const value of metrics.track('reading', function* () {
      yield* [1, 2, 3];
    }))
      if (value === 2) break;
    expect(reading()).toMatchObject({ count: 1, errors: 0 });
    expect(metrics.getMetrics().in_flight).toEqual([]);
  });

  it('times an asynchronous generator likewise', async () => {
    const { metrics, reading } = setUp();
    const seen: number[] = [];
    for await (const value of metrics.track('reading', async function* () {
      yield* [1, 2];
    }))
      seen.push(value);
    expect([seen, reading()?.count]).toEqual([[1, 2], 1]);
    const failing = metrics.track('reading', async function* () {
      yield 1;
      throw new RangeError('x');
    });
    await expect(
      (async () => {
        for await (const _ of failing);
      })(),
    ).rejects.toThrow(RangeError);
    expect(reading()).toMatchObject({ count: 2, errors: 1 });
  });

  it('hands on arrays, strings and objects untouched', () => {
    const { metrics } = setUp();
    const list = [1];
    expect(metrics.track('reading', () => list)).toBe(list);
    expect(metrics.track('reading', () => 'text')).toBe('text');
    expect(metrics.track('reading', () => null)).toBeNull();
  });
});

describe('start', () => {
  it('hands on a result whose getters or traps throw, and ends its run', () => {
    const { metrics, reading } = setUp();
    const fail = (): never => {
      throw new Error('boo');
    };
    const hostile: readonly object[] = [
      // oxlint-disable-next-line unicorn/no-thenable -- what a hostile result would be
      Object.defineProperty({}, 'then', { get: fail }),
      Object.defineProperty({}, Symbol.toStringTag, { get: fail }),
      new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail }),
    ];
    for (const result of hostile)
      expect(
        Object.is(
          metrics.track('reading', () => result),
          result,
        ),
      ).toBe(true);
    expect(reading()).toMatchObject({ count: 3, errors: 0 });
    expect(metrics.getMetrics().in_flight).toEqual([]);
  });

  it('counts only the first end', () => {
    const { metrics, reading } = setUp();
    const run = metrics.start('reading');
    run.end();
    run.end(new Error('late'));
    expect(reading()).toMatchObject({ count: 1, errors: 0 });
  });

  it('forgets to list the oldest of runs that nobody ends, beyond ten thousand', () => {
    const { metrics } = setUp();
    const first = metrics.start('reading');
    for (let run = 0; run < 10_000; run++) metrics.start('analysis');
    expect(metrics.getMetrics().in_flight[0]?.operation).toBe('analysis');
    expect(metrics.toPrometheus()).toContain('operations_in_progress{operation="analysis"} 10000\n');
    first.end();
    expect(metrics.getMetrics().windows['5m'].by_operation.reading?.count).toBe(1);
  });
});

describe('trackOperation', () => {
  it('times the methods of a class that holds its metrics', async () => {
    const { metrics, reading } = setUp();
    class Readings {
      constructor(
        readonly metrics: OracleMetrics,
        private readonly sign: string,
      ) {}

      @trackOperation('reading')
      async read(question: string): Promise<string> {
        return `${this.sign}: ${question}`;
      }
    }
    expect(await new Readings(metrics, 'leo').read('when?')).toBe('leo: when?');
    expect(reading()?.count).toBe(1);
  });

  it('times with metrics of its own, and as a legacy decorator', () => {
    const { metrics, reading } = setUp();
    const descriptor = { value: (a: number, b: number) => a + b, writable: true, configurable: true };
    const decorated = trackOperation('reading', metrics)({}, 'add', descriptor);
    expect((decorated.value as typeof descriptor.value)(2, 3)).toBe(5);
    expect(decorated.writable).toBe(true);
    expect(reading()?.count).toBe(1);
  });
});
