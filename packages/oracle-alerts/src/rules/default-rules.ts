import type { Rule } from '../contract/index.js';

/** What an operator may set by environment variables. */
export interface DefaultThresholds {
  /** 0–1; default 0.9. */
  readonly diskRatio?: number;
  /** 0–1; default 0.9. */
  readonly memoryRatio?: number;
  /** Failed runs in a row; default 3. */
  readonly jobFailures?: number;
  /** 0–1; default 0.05. */
  readonly errorRatio?: number;
  /** Default 10. */
  readonly readingSeconds?: number;
  /** Default 14. */
  readonly certificateDays?: number;
  /** US dollars a day; default: no budget, no rule. */
  readonly aiBudgetUsd?: number;
  /** Average response time; default: off. */
  readonly responseSeconds?: number;
}

/** The rules of a service's health, errors and readings (REQUIREMENTS A2, ALERTING 1–7). */
function serviceRules(thresholds: DefaultThresholds): readonly Rule[] {
  return [
    {
      name: 'down',
      signal: 'up',
      comparison: 'below',
      threshold: 1,
      unit: 'state',
      confirmations: 2,
      recoverConfirmations: 2,
      severity: 'critical',
      summary: '{service} service is DOWN! Error: {detail}',
      recoverySummary: '{service} service recovered',
      inhibits: 'source',
    },
    {
      name: 'error_rate',
      signal: 'errors',
      over: 'operations',
      labels: { window: '300' },
      comparison: 'above',
      threshold: thresholds.errorRatio ?? 0.05,
      unit: 'ratio',
      minimumEvents: 20,
      minimumErrors: 3,
      severity: 'warning',
      summary: '{service} error rate {value} (threshold: {threshold})',
      onNoData: 'notify',
    },
    {
      name: 'slow_reading',
      signal: 'reading_seconds',
      each: 'id',
      orSignal: 'reading_p95_seconds',
      comparison: 'above',
      threshold: thresholds.readingSeconds ?? 10,
      unit: 'seconds',
      severity: 'warning',
      summary: '{service} slow response: {value} (threshold: {threshold})',
    },
  ];
}

/** The rules of what a service says about its parts. */
function partRules(): readonly Rule[] {
  return [
    {
      name: 'degraded',
      signal: 'degraded',
      comparison: 'above',
      threshold: 0,
      unit: 'state',
      forSeconds: 300,
      recoverConfirmations: 2,
      severity: 'warning',
      summary: '{service} service is degraded: {detail}',
    },
    {
      name: 'dependency_down',
      signal: 'dependency_up',
      by: ['dependency'],
      comparison: 'below',
      threshold: 1,
      unit: 'state',
      confirmations: 2,
      recoverConfirmations: 2,
      forSeconds: 30,
      severity: 'warning',
      summary: '{service} dependency {dependency} is down: {detail}',
    },
  ];
}

/** Beyond nine tenths something is nearly full; it is well again two hundredths below. */
function nearlyFull(threshold = 0.9): Pick<Rule, 'comparison' | 'threshold' | 'clearThreshold' | 'unit' | 'severity'> {
  return { comparison: 'above', threshold, clearThreshold: threshold - 0.02, unit: 'ratio', severity: 'warning' };
}

/** The rules of machines, jobs, certificates and money. */
function resourceRules(thresholds: DefaultThresholds): readonly Rule[] {
  return [
    {
      ...nearlyFull(thresholds.diskRatio),
      name: 'disk',
      signal: 'disk_used_ratio',
      confirmations: 2,
      summary: '{service} disk space low: {value} used (threshold: {threshold})',
    },
    {
      ...nearlyFull(thresholds.memoryRatio),
      name: 'memory',
      signal: 'memory_used_ratio',
      forSeconds: 60,
      summary: '{service} memory high: {value} used (threshold: {threshold})',
    },
    {
      name: 'job_failed',
      signal: 'job_consecutive_failures',
      by: ['job'],
      comparison: 'above',
      threshold: (thresholds.jobFailures ?? 3) - 1,
      unit: 'count',
      severity: 'error',
      summary: '{service} job {job} failed {value} times in a row',
    },
    {
      name: 'job_missed',
      signal: 'job_missed',
      by: ['job'],
      comparison: 'above',
      threshold: 0,
      unit: 'state',
      severity: 'warning',
      summary: '{service} job {job} was missed or lost',
    },
    {
      name: 'certificate_expiring',
      signal: 'certificate_days_left',
      by: ['check'],
      comparison: 'below',
      threshold: thresholds.certificateDays ?? 14,
      unit: 'days',
      confirmations: 2,
      staleAfterSeconds: 7200,
      severity: 'warning',
      summary: '{service} certificate expires in {value} (threshold: {threshold})',
    },
  ];
}

/**
 * The rules that hold without a configuration file. Percentages and seconds fire strictly beyond their threshold:
 * exactly 5 % and exactly 10 s do not.
 */
export function defaultRules(thresholds: DefaultThresholds = {}): readonly Rule[] {
  const rules = [...serviceRules(thresholds), ...partRules(), ...resourceRules(thresholds)];
  if (thresholds.aiBudgetUsd !== undefined) {
    rules.push({
      name: 'ai_budget',
      signal: 'ai_cost_usd_today',
      comparison: 'above',
      threshold: thresholds.aiBudgetUsd,
      unit: 'usd',
      cooldownSeconds: 86_400,
      severity: 'warning',
      summary: '{service} AI cost today {value} (budget: {threshold})',
    });
  }
  if (thresholds.responseSeconds !== undefined) {
    rules.push({
      name: 'slow_average',
      signal: 'response_avg_seconds',
      comparison: 'above',
      threshold: thresholds.responseSeconds,
      unit: 'seconds',
      forSeconds: 60,
      severity: 'warning',
      summary: '{service} average response time {value} (threshold: {threshold})',
    });
  }
  return rules;
}
