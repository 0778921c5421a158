const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Whose clock instants are written in. */
export type Zone = 'local' | 'utc';

/** `8 s`, `3 min`, `2 h 5 min`, `4 days`: as precise as a person would say it. */
export function formatDuration(ms: number): string {
  const positive = Math.max(0, ms);
  if (positive < MINUTE_MS) return `${Math.floor(positive / SECOND_MS)} s`;
  if (positive < HOUR_MS) return `${Math.floor(positive / MINUTE_MS)} min`;
  if (positive < DAY_MS) {
    const minutes = Math.floor((positive % HOUR_MS) / MINUTE_MS);
    const isShort = positive < 3 * HOUR_MS && minutes > 0;
    return `${Math.floor(positive / HOUR_MS)} h${isShort ? ` ${minutes} min` : ''}`;
  }
  const days = Math.floor(positive / DAY_MS);
  return days === 1 ? '1 day' : `${days} days`;
}

/** `3 min ago`; a clock that runs ahead is "now". */
export function formatAgo(iso: string, nowMs: number): string {
  const age = nowMs - Date.parse(iso);
  return age < SECOND_MS ? 'now' : `${formatDuration(age)} ago`;
}

/** `14:02`, with the day when it was not today: `7 Feb 14:02`. */
export function formatClock(iso: string, nowMs: number, zone: Zone): string {
  const options = zoneOf(zone);
  const instant = new Date(iso);
  const time = instant.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...options });
  const isToday = day(instant, options) === day(new Date(nowMs), options);
  return isToday
    ? time
    : `${instant.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...options })} ${time}`;
}

/** `14:02:07`, with the day when it was not today: a step among others of the same minute. */
export function formatMoment(iso: string, nowMs: number, zone: Zone): string {
  return formatClock(iso, nowMs, zone).replace(/\d\d:\d\d$/, formatLogTime(iso, zone));
}

/** `14:02:07`: a line of a log. */
export function formatLogTime(iso: string, zone: Zone): string {
  return new Date(iso).toLocaleTimeString('en-GB', zoneOf(zone));
}

/** `7 Feb 2026`. */
export function formatDay(iso: string, zone: Zone): string {
  return new Date(iso).toLocaleDateString('en-GB', { dateStyle: 'medium', ...zoneOf(zone) });
}

/** Both clocks in full, for the title of a short form. */
export function formatExact(iso: string): string {
  const instant = new Date(iso);
  const local = instant.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
  return `${local} (local) · ${instant
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '')} UTC`;
}

/** What an input of type datetime-local holds: `2026-02-08T14:30`. */
export function toLocalInput(atMs: number, zone: Zone): string {
  const offsetMs = zone === 'utc' ? 0 : new Date(atMs).getTimezoneOffset() * MINUTE_MS;
  return new Date(atMs - offsetMs).toISOString().slice(0, 16);
}

/** The instant such an input means; `undefined` when it is empty or no instant. */
export function fromLocalInput(value: string, zone: Zone): string | undefined {
  const atMs = Date.parse(zone === 'utc' ? `${value}Z` : value);
  return value === '' || Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString();
}

function day(instant: Date, options: Intl.DateTimeFormatOptions): string {
  return instant.toLocaleDateString('en-GB', options);
}

function zoneOf(zone: Zone): Intl.DateTimeFormatOptions {
  return zone === 'utc' ? { timeZone: 'UTC' } : {};
}
