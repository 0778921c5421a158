import type { CalendarDate } from './numerology/calendar-date.js';
import { universalDay } from './numerology/chart.js';
import { meaningOf } from './numerology/meaning.js';
import type { NewInsight } from './store/insights.js';

/** The insight of a day, the same for everybody and always the same for that day. */
export function dailyInsight(on: CalendarDate): NewInsight {
  const number = universalDay(on);
  const { word, advice } = meaningOf(number);
  const text = `A day of ${word} (${number}). ${advice}`;
  return { kind: 'daily', userId: null, number, numbers: { universal_day: number }, text, source: 'computed', on };
}
