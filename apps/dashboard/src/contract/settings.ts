import type { Comparison, Severity, Unit } from '@nps/oracle-alerts/contract';
import type { ConfigurationState } from './status.js';

export interface TargetSetting {
  readonly name: string;
  readonly display_name: string;
  readonly kind: string;
  /** Without user, password, path and query. */
  readonly address: string;
  readonly depends_on: readonly string[];
}

export interface RuleSetting {
  readonly name: string;
  readonly severity: Severity;
  /** The rule in words: "errors / operations above 5 % …". */
  readonly meaning: string;
  readonly signal: string;
  /** Divides the signal. */
  readonly over: string | null;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly clear_threshold: number | null;
  readonly unit: Unit;
  /** Seconds from one fire to the next of the same alert. */
  readonly cooldown_seconds: number;
  /** Empty: all. */
  readonly services: readonly string[];
}

/** Empty lists match everything. */
export interface RouteSetting {
  readonly channels: readonly string[];
  /** Told instead when a channel of this route fails. */
  readonly fallback: string | null;
  readonly severities: readonly string[];
  readonly services: readonly string[];
  readonly rules: readonly string[];
}

export interface SettingsReply {
  /** `file`: as NPS_CONFIG says; `environment`: no file, one target from ORACLE_HTTP_URL. */
  readonly source: 'file' | 'environment';
  readonly targets: readonly TargetSetting[];
  readonly rules: readonly RuleSetting[];
  /** Whether the rules are those of the file or the built-in ones. */
  readonly rules_from: 'file' | 'defaults';
  /** Names and kinds; their options hold secrets and are never shown. */
  readonly channels: readonly { readonly name: string; readonly kind: string }[];
  readonly routes: readonly RouteSetting[];
  /** Seconds between two looks, two judgements, and two fires of one alert. */
  readonly intervals: {
    readonly collect_seconds: number;
    readonly check_seconds: number;
    readonly cooldown_seconds: number;
  };
  /** Whether the file as it is now is the one in use. */
  readonly configuration: ConfigurationState;
  /** What is wrong with the rules, routes or windows of the file in use; the alerter refuses them too. */
  readonly faults: readonly string[];
}
