import { readFileSync } from 'node:fs';
import { parseTargets } from '@nps/oracle-health/client';
import type { Target } from '@nps/oracle-health/contract';
import { parse as parseYaml } from 'yaml';
import type { DashboardConfig } from './config.js';

/** The operator's file as far as the dashboard shows it. */
export interface TargetsFile {
  readonly targets: readonly Target[];
  /** The whole file as it was written: variables unresolved, so no secret is in it. */
  readonly document: Readonly<Record<string, unknown>>;
}

export type TargetsResult =
  | { readonly outcome: 'targets'; readonly file: TargetsFile }
  | { readonly outcome: 'faults'; readonly faults: readonly string[] };

/** Reads the file the alerter reads too (JSON or YAML); without one there is a single target, the Oracle. */
export function readTargets(config: Pick<DashboardConfig, 'configPath' | 'oracleUrl' | 'environment'>): TargetsResult {
  const document = readDocument(config);
  if (typeof document === 'string') return { outcome: 'faults', faults: [document] };
  const parsed = parseTargets(document['targets'], config.environment);
  return 'faults' in parsed
    ? { outcome: 'faults', faults: parsed.faults }
    : { outcome: 'targets', file: { targets: parsed.targets, document } };
}

function readDocument(
  config: Pick<DashboardConfig, 'configPath' | 'oracleUrl'>,
): Readonly<Record<string, unknown>> | string {
  const { configPath } = config;
  if (configPath === null) return { targets: [{ name: 'oracle', kind: 'service', url: config.oracleUrl }] };
  try {
    // JSON is YAML; one parser reads both. Aliases are bounded against expansion attacks.
    const document: unknown = parseYaml(readFileSync(configPath, 'utf8'), { maxAliasCount: 100 });
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return { ...document };
    return `NPS_CONFIG ${configPath}: expected an object with a list "targets"`;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : 'unreadable';
    return `NPS_CONFIG ${configPath}: expected a readable JSON or YAML file (${reason})`;
  }
}
