import { formatCalendarDate } from '../numerology/calendar-date.js';
import { meaningOf } from '../numerology/meaning.js';
import { alignDay, bestDays, type DayAlignment } from '../numerology/timing.js';
import type { Operation } from './operation.js';
import { storeIfPossible } from './storing.js';

/** How well a day suits a person, and the best days that follow. */
export const getTimingAlignment: Operation = {
  name: 'GetTimingAlignment',
  measuredAs: 'reading',
  prepare: (fields, deps) => {
    const userId = fields.userId();
    const birth = fields.birthDate();
    const on = fields.date();
    const days = fields.integer('days', 30, 1, 366);
    return fields.finish({
      userId,
      run: async () => {
        const day = alignDay(birth, on);
        const text = `A personal ${day.personalDay}, ${meaningOf(day.personalDay).word}: alignment ${day.alignmentRatio}.`;
        const numbers = { personal_day: day.personalDay, universal_day: day.universalDay };
        const insight = {
          kind: 'timing',
          userId,
          number: day.personalDay,
          numbers,
          text,
          source: 'computed',
          on,
        } as const;
        return {
          ...(await storeIfPossible(deps, insight)),
          day: toWire(day),
          best_days: bestDays(birth, on, days).map(toWire),
        };
      },
    });
  },
};

function toWire({ on, personalDay, universalDay, alignmentRatio }: DayAlignment) {
  return {
    date: formatCalendarDate(on),
    personal_day: personalDay,
    universal_day: universalDay,
    alignment_ratio: alignmentRatio,
  };
}
