/** A day of the Gregorian calendar, without a time or zone. */
export interface CalendarDate {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  /** 1–31 */
  readonly day: number;
}

const DAY_MS = 86_400_000;

/** Reads `YYYY-MM-DD`; null when the text has another form or names a day that does not exist (2023-02-29). */
export function parseCalendarDate(text: string): CalendarDate | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return null;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return date.year >= 1 && formatCalendarDate(fromInstant(toInstant(date))) === text ? date : null;
}

/** `YYYY-MM-DD` */
export function formatCalendarDate({ year, month, day }: CalendarDate): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The UTC day an instant (milliseconds since 1970) falls on. */
export function fromInstant(instantMs: number): CalendarDate {
  const date = new Date(instantMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** The day that many days later (earlier when negative). */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return fromInstant(toInstant(date) + days * DAY_MS);
}

/** Negative when `left` is the earlier day, 0 on the same day. */
export function compareDates(left: CalendarDate, right: CalendarDate): number {
  return toInstant(left) - toInstant(right);
}

function toInstant({ year, month, day }: CalendarDate): number {
  // Date.UTC takes the years 0–99 for 1900–1999; setUTCFullYear does not.
  return new Date(0).setUTCFullYear(year, month - 1, day);
}
