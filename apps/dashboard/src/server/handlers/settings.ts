import { defaultRules, parseRoutes, parseRules, type Route, type Rule } from '@nps/oracle-alerts';
import { publicAddress } from '@nps/oracle-health/contract';
import type { RouteSetting, RuleSetting, SettingsReply } from '../../contract/settings.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { ruleInWords } from '../rule-words.js';
import { capitalised } from '../summarise.js';
import type { TargetsFile } from '../targets-file.js';

/** The file as it is in force; nothing here can be changed from outside. */
export function createSettingsHandler({ file, config }: Pick<HandlerDeps, 'file' | 'config'>): Handler<'settings'> {
  const reply = readSettings(file, config.configPath === null ? 'environment' : 'file');
  return () => ok(reply);
}

/** Turns the file into what is shown of it. Pure. */
export function readSettings({ targets, document }: TargetsFile, source: SettingsReply['source']): SettingsReply {
  const { rules, faults: ruleFaults } = rulesOf(document);
  const { routes, faults: routeFaults } = routesOf(document);
  return {
    source,
    targets: targets.map((target) => ({
      name: target.name,
      display_name: target.displayName ?? capitalised(target.name),
      kind: target.kind,
      address: publicAddress(target),
      depends_on: target.dependsOn ?? [],
    })),
    rules: rules.map(ruleSetting),
    rules_from: document['rules'] === undefined ? 'defaults' : 'file',
    channels: channelsOf(document['channels']),
    routes: routes.map(routeSetting),
    faults: [...ruleFaults, ...routeFaults],
  };
}

/** The rules in force: those of the file, or the built-in ones. */
export function rulesOf(document: TargetsFile['document']): {
  readonly rules: readonly Rule[];
  readonly faults: readonly string[];
} {
  if (document['rules'] === undefined) return { rules: defaultRules(), faults: [] };
  const parsed = parseRules(document['rules']);
  return 'faults' in parsed ? { rules: [], faults: parsed.faults } : { rules: parsed.rules, faults: [] };
}

function routesOf(document: TargetsFile['document']): {
  readonly routes: readonly Route[];
  readonly faults: readonly string[];
} {
  const parsed = parseRoutes(document['routes'] ?? []);
  return 'faults' in parsed ? { routes: [], faults: parsed.faults } : { routes: parsed.routes, faults: [] };
}

function channelsOf(channels: unknown): SettingsReply['channels'] {
  if (typeof channels !== 'object' || channels === null) return [];
  return Object.entries(channels).map(([name, options]: [string, unknown]) => ({ name, kind: kindOf(options, name) }));
}

function kindOf(options: unknown, name: string): string {
  return typeof options === 'object' && options !== null && 'kind' in options && typeof options.kind === 'string'
    ? options.kind
    : name;
}

function ruleSetting(rule: Rule): RuleSetting {
  return { name: rule.name, severity: rule.severity, meaning: ruleInWords(rule), services: rule.services ?? [] };
}

function routeSetting({ channels, severities = [], services = [], rules = [] }: Route): RouteSetting {
  return { channels, severities, services, rules };
}
