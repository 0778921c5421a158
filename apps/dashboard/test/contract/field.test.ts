import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fallback, instant, optional, parseInput, text, whole, word } from '../../src/contract/field.js';

const fields = {
  name: text({ maxLength: 5 }),
  count: fallback(whole({ minimum: 1, maximum: 9 }), 3),
  tone: optional(word(['low', 'high'])),
  at: optional(instant()),
};
const parse = (raw: Readonly<Record<string, unknown>>) => parseInput(fields, new Map(Object.entries(raw)));

describe('parseInput', () => {
  it('takes query strings and JSON values alike', () => {
    expect(parse({ name: 'ann', count: '7', tone: 'low' })).toEqual({
      outcome: 'input',
      input: { name: 'ann', count: 7, tone: 'low', at: undefined },
    });
    expect(parse({ name: 'ann', count: 7 })).toMatchObject({ input: { count: 7 } });
  });

  it('fills in what may be left out, and takes an empty value for left out', () => {
    expect(parse({ name: 'ann', count: '', tone: '' })).toMatchObject({ input: { count: 3, tone: undefined } });
  });

  it('reports every fault at once, unknown names included', () => {
    const parsed = parse({ name: '', count: '99', tone: 'middle', at: 'yesterday', extra: '1' });
    expect(parsed).toMatchObject({
      outcome: 'faults',
      faults: [
        { field: 'name' },
        { field: 'count' },
        { field: 'tone', expected: 'one of low, high' },
        { field: 'at' },
        { field: 'extra' },
      ],
    });
  });

  it('says so when no field exists at all', () => {
    expect(parseInput({}, new Map([['x', 1]]))).toEqual({
      outcome: 'faults',
      faults: [{ field: 'x', expected: 'no field at all' }],
    });
  });

  it('refuses repeated parameters, which arrive as lists', () => {
    expect(parse({ name: ['a', 'b'] })).toMatchObject({ outcome: 'faults' });
  });

  it('writes instants in UTC', () => {
    expect(parse({ name: 'a', at: '2026-02-08T15:30:00+01:00' })).toMatchObject({
      input: { at: '2026-02-08T14:30:00.000Z' },
    });
  });

  it('never throws, and lets no control character through, whatever is sent', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.anything(), (rest, name) => {
        const parsed = parse({ ...rest, name });
        // oxlint-disable-next-line no-control-regex
        if (parsed.outcome === 'input') expect(parsed.input.name).toMatch(/^[^\u0000-\u001f\u007f-\u009f]{1,5}$/);
      }),
    );
  });
});
