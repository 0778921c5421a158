import { createHash } from 'node:crypto';
import {
  defaultRules,
  type MaintenanceWindow,
  type Notifier,
  parseChannels,
  parseMaintenance,
  parseRoutes,
  parseRules,
  type Route,
  type Rule,
} from '@nps/oracle-alerts';
import { parseTargets } from '@nps/oracle-health/client';
import type { Target } from '@nps/oracle-health/contract';
import { parse as parseYaml } from 'yaml';
import { environmentChannels } from './channels.js';
import type { AlerterConfig } from './config.js';
import { messageOf } from './errors.js';
import { isTooDeep, parseJsonText } from './json-text.js';
import { resolveVariables } from './variables.js';

/** What is watched, judged and told: the configuration file, checked in full. */
export interface Settings {
  readonly targets: readonly Target[];
  readonly rules: readonly Rule[];
  /** By channel name; empty when nobody would be told. */
  readonly notifiers: Readonly<Record<string, Notifier>>;
  /** Differs when any channel differs; tells nothing of their secrets. */
  readonly channelsFingerprint: string;
  readonly routes: readonly Route[];
  readonly maintenance: readonly MaintenanceWindow[];
}

/** Settings that hold, or every fault of the file at once. */
export type ParsedSettings = { readonly settings: Settings } | { readonly faults: readonly string[] };

/** Whether the file as it is now is in use. */
export interface SettingsState {
  /** Why a changed file is not used; empty when it is. */
  readonly faults: readonly string[];
}

const SECTIONS = ['$schema', 'targets', 'rules', 'channels', 'routes', 'maintenance'];
const NO_SECTIONS = `expected an object with ${SECTIONS.slice(1).join(', ')}`;

/** What holds without a configuration file: one Oracle, the default rules, the channels of the environment. */
export function defaultSettings(config: AlerterConfig): ParsedSettings {
  return parseSettings(
    { targets: [{ name: 'oracle', displayName: 'Oracle', kind: 'service', url: config.oracleHttpUrl }] },
    config,
  );
}

/**
 * Parses the text of a configuration file: JSON when its name ends so, else YAML with merge keys (`<<`).
 * @param path only for its ending and for the faults
 */
export function parseSettingsText(text: string, path: string, config: AlerterConfig): ParsedSettings {
  const isJson = path.endsWith('.json');
  const bare = text.replace(/^\ufeff/, '');
  if (bare.trim() === '') return { faults: [`${path}: the file is empty`] };
  try {
    const value: unknown = isJson ? parseJsonText(bare) : parseYaml(bare, { merge: true });
    if (isTooDeep(value)) return { faults: [`${path}: is nested too deep`] };
    if (!isSections(value)) return { faults: [`${path}: ${NO_SECTIONS}`] };
    return parseSettings(value, config);
  } catch (error) {
    const reason = firstLine(messageOf(error));
    // The YAML reader wraps the end of the stack in an error of its own.
    if (error instanceof RangeError || reason.startsWith('Maximum call stack'))
      return { faults: [`${path}: is nested too deep`] };
    return { faults: [`${path}: is not valid ${isJson ? 'JSON' : 'YAML'}: ${reason}`] };
  }
}

/** Checks a parsed file in full. Pure. */
export function parseSettings(value: unknown, config: AlerterConfig): ParsedSettings {
  if (!isSections(value)) return { faults: [NO_SECTIONS] };
  const file = new Map<string, unknown>(Object.entries(value));
  const faults = [...file.keys()]
    .filter((name) => !SECTIONS.includes(name))
    .map((name) => `${JSON.stringify(name.slice(0, 40))} is not a section; known are ${SECTIONS.slice(1).join(', ')}`);
  const collect = <Found extends object>(found: Found | { readonly faults: readonly string[] }): Found | null => {
    if (!('faults' in found)) return found;
    faults.push(...found.faults);
    return null;
  };
  const targets = collect(parseTargets(file.get('targets'), config.variables));
  const rules = collect(readRules(file.get('rules'), config));
  const channels = collect(readChannels(file.get('channels'), config));
  // Against which channels routes are checked is not known when those are faulty themselves.
  const routes = collect(
    parseRoutes(file.get('routes') ?? [], channels === null ? undefined : Object.keys(channels.notifiers)),
  );
  const maintenance = collect(parseMaintenance(file.get('maintenance') ?? []));
  if (faults.length > 0 || !targets || !rules || !channels || !routes || !maintenance) return { faults };
  if (targets.targets.length === 0) return { faults: ['targets: expected at least one target'] };
  return { settings: Object.freeze({ ...targets, ...rules, ...channels, ...routes, ...maintenance }) };
}

function isSections(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The YAML reader draws the place below its sentence. */
function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replace(/:$/, '');
}

function readRules(value: unknown, { thresholds }: AlerterConfig): ReturnType<typeof parseRules> {
  return value === undefined ? { rules: defaultRules(thresholds) } : parseRules(value);
}

type ConfiguredChannels = Pick<Settings, 'notifiers' | 'channelsFingerprint'> | { readonly faults: readonly string[] };

/** Channels of the file and of the environment stand side by side; of the same name, the file's counts. */
function readChannels(value: unknown, { variables }: AlerterConfig): ConfiguredChannels {
  const fromEnvironment = environmentChannels(variables);
  const resolved = resolveVariables(value ?? {}, variables, 'channels');
  if ('faults' in resolved) return { faults: [...fromEnvironment.faults, ...resolved.faults] };
  const isObject = typeof resolved.value === 'object' && resolved.value !== null && !Array.isArray(resolved.value);
  const options = isObject ? { ...fromEnvironment.channels, ...resolved.value } : resolved.value;
  const parsed = parseChannels(options);
  const faults = [...fromEnvironment.faults, ...('faults' in parsed ? parsed.faults : [])];
  if (faults.length > 0 || 'faults' in parsed) return { faults };
  return { ...parsed, channelsFingerprint: createHash('sha256').update(JSON.stringify(options)).digest('hex') };
}
