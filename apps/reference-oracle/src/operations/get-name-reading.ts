import { meaningOf } from '../numerology/meaning.js';
import { wireNameNumbers } from './get-reading.js';
import type { Operation } from './operation.js';
import { storeIfPossible } from './storing.js';

/** The three numbers of a name and what they say. */
export const getNameReading: Operation = {
  name: 'GetNameReading',
  measuredAs: 'reading',
  prepare: (fields, deps) => {
    const userId = fields.userId();
    const name = fields.name();
    return fields.finish({
      userId,
      run: async () => {
        const numbers = wireNameNumbers(name);
        const [outer, inner] = [meaningOf(numbers.expression), meaningOf(numbers.soul_urge)];
        const text = `The name is made for ${outer.word} (${numbers.expression}) and longs for ${inner.word} (${numbers.soul_urge}). ${outer.advice}`;
        const insight = {
          kind: 'name',
          userId,
          number: numbers.expression,
          numbers,
          text,
          source: 'computed',
          on: deps.today(),
        } as const;
        return { ...(await storeIfPossible(deps, insight)), text, ...numbers };
      },
    });
  },
};
