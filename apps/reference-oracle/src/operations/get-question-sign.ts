import { meaningOf } from '../numerology/meaning.js';
import { questionSign } from '../numerology/question.js';
import type { Operation } from './operation.js';
import { storeIfPossible } from './storing.js';

/** A sign for a question asked on a day. */
export const getQuestionSign: Operation = {
  name: 'GetQuestionSign',
  measuredAs: 'reading',
  prepare: (fields, deps) => {
    const userId = fields.userId();
    const question = fields.question();
    const on = fields.date();
    return fields.finish({
      userId,
      run: async () => {
        const { number, sign } = questionSign(question, on);
        const text = `The sign is "${sign}" (${number}, ${meaningOf(number).word}). ${meaningOf(number).advice}`;
        const insight = {
          kind: 'question',
          userId,
          number,
          numbers: { number },
          text,
          source: 'computed',
          on,
        } as const;
        return { ...(await storeIfPossible(deps, insight)), number, sign, text };
      },
    });
  },
};
