import { type MaintenanceWindow, type Route, severities } from '../contract/index.js';
import { FieldReader } from './rule-fields.js';

/** Routes, or every fault at once. */
export type ParsedRoutes = { readonly routes: readonly Route[] } | { readonly faults: readonly string[] };

/** Maintenance windows, or every fault at once. */
export type ParsedMaintenance =
  | { readonly maintenance: readonly MaintenanceWindow[] }
  | { readonly faults: readonly string[] };

const MOST = 500;
const TIME = { test: /^(?:[01]\d|2[0-3]):[0-5]\d$/, words: 'a time HH:MM in UTC' } as const;

/**
 * Checks routes from a configuration file.
 * @param channels names of the configured channels; without them the names are not checked
 */
export function parseRoutes(value: unknown, channels?: readonly string[]): ParsedRoutes {
  if (!Array.isArray(value) || value.length > MOST)
    return { faults: [`routes: expected a list of at most ${MOST} routes`] };
  const faults: string[] = [];
  const routes = value.map((entry, index) => parseRoute(entry, `routes[${index}]`, faults, channels));
  return faults.length > 0 ? { faults } : { routes };
}

function parseRoute(entry: unknown, place: string, faults: string[], channels: readonly string[] | undefined): Route {
  const read = new FieldReader(place, entry, ['severities', 'services', 'rules', 'channels', 'fallback'], faults);
  const route = {
    severities: read.optional('severities', (name) => read.words(name, severities)),
    services: read.optional('services', (name) => read.texts(name)),
    rules: read.optional('rules', (name) => read.texts(name)),
    channels: read.texts('channels'),
    fallback: read.optional('fallback', (name) => read.text(name)),
  };
  const named = [...route.channels, ...(route.fallback === undefined ? [] : [route.fallback])];
  for (const channel of channels === undefined ? [] : named.filter((name) => !channels.includes(name))) {
    faults.push(
      `${place}: ${JSON.stringify(channel)} is not a configured channel; there are ${channels?.join(', ') || 'none'}`,
    );
  }
  return Object.fromEntries(Object.entries(route).filter(([, field]) => field !== undefined)) as unknown as Route;
}

/** Checks maintenance windows from a configuration file. */
export function parseMaintenance(value: unknown): ParsedMaintenance {
  if (!Array.isArray(value) || value.length > MOST)
    return { faults: [`maintenance: expected a list of at most ${MOST} windows`] };
  const faults: string[] = [];
  const maintenance = value.map((entry, index) => parseWindow(entry, `maintenance[${index}]`, faults));
  return faults.length > 0 ? { faults } : { maintenance };
}

function parseWindow(entry: unknown, place: string, faults: string[]): MaintenanceWindow {
  const read = new FieldReader(
    place,
    entry,
    ['matcher', 'weekdays', 'startsAtUtc', 'durationMinutes', 'comment'],
    faults,
  );
  const matcher = new FieldReader(
    `${place}.matcher`,
    read.value('matcher') === undefined ? {} : read.value('matcher'),
    ['service', 'rule', 'severity'],
    faults,
  );
  const window = {
    matcher: Object.fromEntries(
      Object.entries({
        service: matcher.optional('service', (name) => matcher.text(name)),
        rule: matcher.optional('rule', (name) => matcher.text(name)),
        severity: matcher.optional('severity', (name) => matcher.word(name, severities)),
      }).filter(([, field]) => field !== undefined),
    ),
    weekdays: read.optional('weekdays', (name) => read.integers(name, 0, 6)),
    startsAtUtc: read.text('startsAtUtc', TIME),
    durationMinutes: read.integer('durationMinutes', 1, 1440),
    comment: read.optional('comment', (name) => read.text(name)),
  };
  return Object.fromEntries(
    Object.entries(window).filter(([, field]) => field !== undefined),
  ) as unknown as MaintenanceWindow;
}
