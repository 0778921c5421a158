import type { Rule, Unit } from '@nps/oracle-alerts/contract';

/** A rule as a sentence a person can check. Pure. */
export function ruleInWords(rule: Rule): string {
  const signal = rule.over === undefined ? rule.signal : `${rule.signal} ÷ ${rule.over}`;
  const parts = [
    `${signal} ${rule.comparison} ${withUnit(rule.threshold, rule.unit)}`,
    rule.orSignal === undefined ? null : `or ${rule.orSignal} likewise`,
    (rule.confirmations ?? 1) > 1 ? `${rule.confirmations} times in a row` : null,
    (rule.forSeconds ?? 0) > 0 ? `for ${rule.forSeconds} s` : null,
    rule.minimumEvents === undefined
      ? null
      : `from ${rule.minimumEvents} events${rule.minimumErrors === undefined ? '' : ` or ${rule.minimumErrors} errors`} on`,
    rule.by === undefined ? null : `for each ${rule.by.join(' and ')}`,
    rule.each === undefined ? null : `once for each ${rule.each}`,
    rule.clearThreshold === undefined ? null : `clears at ${withUnit(rule.clearThreshold, rule.unit)}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function withUnit(value: number, unit: Unit): string {
  if (unit === 'ratio') return `${Number((value * 100).toFixed(2))} %`;
  if (unit === 'usd') return `$${value}`;
  return unit === 'count' || unit === 'state' ? String(value) : `${value} ${unit}`;
}
