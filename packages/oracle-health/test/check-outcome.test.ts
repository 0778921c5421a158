import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { outcomeOfError, readOutcome } from '../src/check-outcome.js';
import { type CheckOutcome, createHealth, defineCheck, errorClasses } from '../src/index.js';

const run = async (returned: () => unknown) => {
  const check = defineCheck({ name: 'own', run: returned as () => CheckOutcome });
  return (await createHealth({ service: 'x', version: '1', checks: [check] }).check()).checks['own'];
};

describe('what a check returns', () => {
  it.each<[unknown, object]>([
    [undefined, { status: 'ok' }],
    [null, { status: 'ok' }],
    [true, { status: 'ok' }],
    ['PONG', { status: 'ok' }],
    [{ rows: [] }, { status: 'ok' }],
    [
      { status: 'warning', error: 'THRESHOLD' },
      { status: 'warning', error: 'THRESHOLD' },
    ],
    [{ status: 'healthy' }, { status: 'ok' }],
    [{ status: 'FAIL' }, { status: 'error', error: 'UNKNOWN' }],
    [{ status: 'error' }, { status: 'error', error: 'UNKNOWN' }],
    [
      { status: 'error', error: 'ECONNREFUSED' },
      { status: 'error', error: 'REFUSED', detail: 'ECONNREFUSED' },
    ],
    [
      { status: 'ok', value: 3, unit: 'models' },
      { status: 'ok', value: 3, unit: 'models' },
    ],
    [{ status: 'ok', value: Number.NaN, unit: '\n<b>' }, { status: 'ok' }],
    [{ status: 'ok', value: '3', unit: 3, detail: 3 }, { status: 'ok' }],
    [false, { status: 'error', error: 'UNKNOWN' }],
    [Object.assign(new Error('gone'), { code: 'ECONNRESET' }), { status: 'error', error: 'RESET' }],
    [
      { status: 503, ok: false },
      { status: 'error', error: 'MALFORMED' },
    ],
    [{ status: 'sideways' }, { status: 'error', error: 'MALFORMED' }],
  ])('is understood without a compiler, too: %j', (returned, outcome) => {
    expect(readOutcome(returned)).toMatchObject(outcome);
    if ((outcome as CheckOutcome).status === 'ok') expect(readOutcome(returned)).toEqual(outcome);
  });

  it('never makes a text public as a class of error', async () => {
    const text = 'password authentication failed for "admin" at db.internal';
    const check = await run(() => ({ status: 'error', error: text }));
    expect(check).toMatchObject({ status: 'error', error: 'UNKNOWN', detail: text });
  });

  it('has a status and a class of the closed lists, whatever it was', () => {
    const classes: ReadonlySet<string | undefined> = new Set([...errorClasses, undefined]);
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ status: fc.anything(), error: fc.anything() })), (returned) => {
        const { status, error } = readOutcome(returned);
        return ['ok', 'warning', 'error', 'skipped'].includes(status) && classes.has(error);
      }),
    );
  });
});

describe('what a check throws', () => {
  const trap = new Proxy(
    {},
    {
      get: () => {
        throw new Error('trap');
      },
      has: () => {
        throw new Error('trap');
      },
    },
  );

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'UNKNOWN'],
    ['null', null, 'UNKNOWN'],
    ['a text', 'boom', 'UNKNOWN'],
    ['a symbol', Symbol('boom'), 'UNKNOWN'],
    ['an error whose message is a symbol', Object.assign(new Error(''), { message: Symbol('x') }), 'UNKNOWN'],
    ['an object that throws when it is looked at', trap, 'UNKNOWN'],
    [
      'an error whose code throws',
      Object.defineProperty(new Error('x'), 'code', {
        get: () => {
          throw new Error('trap');
        },
      }),
      'UNKNOWN',
    ],
    ['an object with a code', { code: 'ENOTFOUND' }, 'DNS'],
    ['many errors at once', new AggregateError([{ code: 'EHOSTUNREACH' }], ''), 'UNREACHABLE'],
  ])('ends in a class: %s', async (_what, thrown, error) => {
    const check = await run(() => {
      throw thrown;
    });
    expect(check).toMatchObject({ status: 'error', error });
    expect(typeof check?.detail).toBe('string');
  });

  it('is told in at most 500 characters', () => {
    expect(outcomeOfError(new Error('x'.repeat(10_000))).detail).toHaveLength(500);
  });
});
