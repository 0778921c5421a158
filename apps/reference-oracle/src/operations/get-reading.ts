import { formatCalendarDate } from '../numerology/calendar-date.js';
import { cycles, lifePath, nameNumbers } from '../numerology/chart.js';
import { meaningOf } from '../numerology/meaning.js';
import { questionSign } from '../numerology/question.js';
import type { Operation } from './operation.js';
import { storeIfPossible } from './storing.js';

/** The whole chart of a person on a day, in words by the AI when a key is set, else by the table of meanings. */
export const getReading: Operation = {
  name: 'GetReading',
  measuredAs: 'reading',
  prepare: (fields, deps) => {
    const userId = fields.userId();
    const name = fields.name();
    const birth = fields.birthDate();
    const question = fields.optionalQuestion();
    const on = fields.date();
    return fields.finish({
      userId,
      run: async () => {
        const numbers = { life_path: lifePath(birth), ...wireNameNumbers(name), ...wireCycles(cycles(birth, on)) };
        const sign = question === null ? null : questionSign(question, on);
        const computed = describe(numbers.life_path, numbers.expression, numbers.personal_day);
        const interpretation = await deps.interpreter.interpret({ numbers, question, computed });
        const insight = { kind: 'reading', userId, number: numbers.life_path, numbers, ...interpretation, on } as const;
        return {
          ...(await storeIfPossible(deps, insight)),
          text: interpretation.text,
          text_source: interpretation.source,
          ...numbers,
          ...(sign === null ? {} : { question_sign: { ...sign, text: meaningOf(sign.number).advice } }),
          date: formatCalendarDate(on),
        };
      },
    });
  },
};

/** The three numbers of a name as replies carry them. */
export function wireNameNumbers(name: string): { expression: number; soul_urge: number; personality: number } {
  const { expression, soulUrge, personality } = nameNumbers(name);
  return { expression, soul_urge: soulUrge, personality };
}

function wireCycles({ personalYear, personalMonth, personalDay }: ReturnType<typeof cycles>) {
  return { personal_year: personalYear, personal_month: personalMonth, personal_day: personalDay };
}

function describe(path: number, expression: number, day: number): string {
  const [life, name, today] = [meaningOf(path), meaningOf(expression), meaningOf(day)];
  return `Your path is ${path}, ${life.word}; your name speaks of ${name.word} (${expression}). Today is a ${day}, ${today.word}: ${today.advice}`;
}
