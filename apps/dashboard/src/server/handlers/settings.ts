import type { Route, Rule } from '@nps/oracle-alerts';
import { publicAddress } from '@nps/oracle-health/contract';
import type { RouteSetting, RuleSetting, SettingsReply } from '../../contract/settings.js';
import type { ConfigurationState } from '../../contract/status.js';
import type { DashboardConfig } from '../config.js';
import { type Handler, ok } from '../handler.js';
import type { HandlerDeps } from '../handler-deps.js';
import { ruleInWords } from '../rule-words.js';
import { faultsOf, routesOf, rulesOf } from '../rules-in-force.js';
import { capitalised } from '../summarise.js';
import type { TargetsFile } from '../targets-file.js';

/** The file as it is in force; nothing here can be changed from outside. */
export function createSettingsHandler({
  configuration,
  config,
}: Pick<HandlerDeps, 'configuration' | 'config'>): Handler<'settings'> {
  return () => ok(describeSettings(configuration.file(), configuration.state(), config));
}

/** Turns the file into what is shown of it. Pure. */
export function describeSettings(
  { targets, document }: Pick<TargetsFile, 'targets' | 'document'>,
  configuration: ConfigurationState,
  config: Pick<DashboardConfig, 'thresholds' | 'collectIntervalMs' | 'checkIntervalMs' | 'cooldownMs'>,
): SettingsReply {
  return {
    source: configuration.source,
    targets: targets.map((target) => ({
      name: target.name,
      display_name: target.displayName ?? capitalised(target.name),
      kind: target.kind,
      address: publicAddress(target),
      depends_on: target.dependsOn ?? [],
    })),
    rules: rulesOf(document, config.thresholds).map((rule) => ruleSetting(rule, config.cooldownMs)),
    rules_from: document['rules'] === undefined ? 'defaults' : 'file',
    channels: channelsOf(document['channels']),
    routes: routesOf(document).map(routeSetting),
    intervals: {
      collect_seconds: config.collectIntervalMs / 1000,
      check_seconds: config.checkIntervalMs / 1000,
      cooldown_seconds: config.cooldownMs / 1000,
    },
    configuration,
    faults: faultsOf(document),
  };
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

function ruleSetting(rule: Rule, cooldownMs: number): RuleSetting {
  return {
    name: rule.name,
    severity: rule.severity,
    meaning: ruleInWords(rule),
    signal: rule.signal,
    over: rule.over ?? null,
    comparison: rule.comparison,
    threshold: rule.threshold,
    clear_threshold: rule.clearThreshold ?? null,
    unit: rule.unit,
    cooldown_seconds: rule.cooldownSeconds ?? cooldownMs / 1000,
    services: rule.services ?? [],
  };
}

function routeSetting({ channels, fallback, severities = [], services = [], rules = [] }: Route): RouteSetting {
  return { channels, fallback: fallback ?? null, severities, services, rules };
}
