import {
  defaultRules,
  type MaintenanceWindow,
  parseMaintenance,
  parseRoutes,
  parseRules,
  type Route,
  type Rule,
} from '@nps/oracle-alerts';
import type { Thresholds } from './config.js';

/** The operator's file as it was written. */
export type Document = Readonly<Record<string, unknown>>;

/** The rules in force: those of the file, or the built-in ones with the thresholds of the environment. Pure. */
export function rulesOf(document: Document, thresholds: Thresholds): readonly Rule[] {
  if (document['rules'] === undefined) return defaultRules(thresholds);
  const parsed = parseRules(document['rules']);
  return 'faults' in parsed ? [] : parsed.rules;
}

/** The routes of the file. Pure. */
export function routesOf(document: Document): readonly Route[] {
  const parsed = parseRoutes(document['routes'] ?? []);
  return 'faults' in parsed ? [] : parsed.routes;
}

/** The weekly maintenance windows of the file. Pure. */
export function maintenanceOf(document: Document): readonly MaintenanceWindow[] {
  const parsed = parseMaintenance(document['maintenance'] ?? []);
  return 'faults' in parsed ? [] : parsed.maintenance;
}

/** What is wrong with the file beside its targets; the alerter refuses it then. Pure. */
export function faultsOf(document: Document): readonly string[] {
  const { channels } = document;
  const parsed = [
    parseRules(document['rules'] ?? []),
    // Channels may also come from the alerter's environment, of which nothing is known here: their names are not checked.
    parseRoutes(document['routes'] ?? []),
    parseMaintenance(document['maintenance'] ?? []),
  ];
  const isMap =
    channels === undefined || (typeof channels === 'object' && channels !== null && !Array.isArray(channels));
  return [
    ...parsed.flatMap((each) => ('faults' in each ? each.faults : [])),
    ...(isMap ? [] : ['channels: expected an object, a name for each channel']),
    ...Object.keys(document)
      .filter((name) => !sections.includes(name))
      .map(
        (name) => `${JSON.stringify(name.slice(0, 40))} is not a section; known are ${sections.slice(1).join(', ')}`,
      ),
  ];
}

const sections = ['$schema', 'targets', 'rules', 'channels', 'routes', 'maintenance'];
