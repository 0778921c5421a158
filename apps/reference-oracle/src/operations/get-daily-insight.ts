import { dailyInsight } from '../daily-insight.js';
import { formatCalendarDate } from '../numerology/calendar-date.js';
import { cycles } from '../numerology/chart.js';
import type { Operation } from './operation.js';

/** The insight of a day as the daily job stored it; written now for a day the job has not reached. */
export const getDailyInsight: Operation = {
  name: 'GetDailyInsight',
  measuredAs: 'reading',
  prepare: (fields, deps) => {
    const userId = fields.userId();
    const on = fields.date();
    const birth = fields.optionalBirthDate();
    return fields.finish({
      userId,
      run: async () => {
        const { insight } = await deps.insights.storeDaily(dailyInsight(on));
        return {
          insight_id: insight.id,
          date: formatCalendarDate(on),
          number: insight.number,
          text: insight.text,
          personal_day: birth === null ? 0 : cycles(birth, on).personalDay,
        };
      },
    });
  },
};
