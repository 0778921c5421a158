import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSeriesMemo, parsePrometheusText } from '../../src/client/index.js';

const outcome = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch (error) {
    return String(error);
  }
};

const NAME = fc.stringMatching(/^[a-z_:]{1,6}$/);
const LABELS = fc.array(fc.tuple(fc.stringMatching(/^[a-z_]{1,4}$/), fc.stringMatching(/^[ -!#-[\]-~é😀]{0,6}$/u)), {
  maxLength: 3,
});
const VALUE = fc.constantFrom(
  '1',
  '-0.5',
  '1e9',
  'NaN',
  '+Inf',
  '-Inf',
  '0x1F',
  '',
  ' ',
  '1 1395066363000',
  'x',
  '1 # {a="b"} 2',
);
const LINE = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(NAME, LABELS, VALUE).map(([name, labels, value]) => `${name}${written(labels)} ${value}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('# HELP x y', '', '  spaced { a = "b" , } 1', 'x{a="\\n"} 1', 'up\t1', 'up 1\r'),
  },
);

function written(labels: readonly (readonly [string, string])[]): string {
  return labels.length === 0 ? '' : `{${labels.map(([label, value]) => `${label}="${value}"`).join()}}`;
}

describe('a memo of series', () => {
  it('changes nothing of what is read, first, second or refused', () => {
    fc.assert(
      fc.property(fc.array(fc.array(LINE, { maxLength: 8 }), { maxLength: 4 }), (pages) => {
        const memo = createSeriesMemo();
        for (const lines of [...pages, ...pages]) {
          const text = lines.join('\n');
          expect(outcome(() => parsePrometheusText(text, memo))).toEqual(outcome(() => parsePrometheusText(text)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the labels of a series once, for good', () => {
    const memo = createSeriesMemo();
    const [first] = parsePrometheusText('a{b="c"} 1', memo);
    const [second] = parsePrometheusText('a{b="c"} 2', memo);
    const [third] = parsePrometheusText('a{b="c"} 3', memo);
    expect([first?.value, second?.value, third?.value]).toEqual([1, 2, 3]);
    expect(third?.labels).toBe(second?.labels);
    expect(Object.isFrozen(third?.labels)).toBe(true);
  });

  it('forgets what other series have pushed out, and keeps what is still asked for', () => {
    const memo = createSeriesMemo();
    const series = (name: string) => ({ name, labels: {} });
    memo.keep('used', series('used'));
    memo.keep('unused', series('unused'));
    for (let index = 0; index < 25_000; index += 1) {
      memo.keep(`other_${index}`, series(`other_${index}`));
      if (index % 5000 === 0) expect(memo.find('used')).toEqual(series('used'));
    }
    expect(memo.find('unused')).toBeUndefined();
  });
});
