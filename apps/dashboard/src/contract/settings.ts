import type { Severity } from '@nps/oracle-alerts/contract';

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
  readonly services: readonly string[];
}

export interface RouteSetting {
  readonly channels: readonly string[];
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
  /** What is wrong with the rules or routes of the file; the alerter refuses them too. */
  readonly faults: readonly string[];
}
