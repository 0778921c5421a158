import type { Rule } from '../contract/index.js';

/** Rules by what they are looked up by. */
export interface RuleIndex {
  readonly byName: ReadonlyMap<string, Rule>;
  /** Rules that a signal concerns. */
  readonly bySignal: ReadonlyMap<string, readonly Rule[]>;
  /** Signals whose latest figures are needed later: parts and wholes of ratios, second signals. */
  readonly remembered: ReadonlySet<string>;
}

/** Builds the index once for a list of rules. */
export function indexRules(rules: readonly Rule[]): RuleIndex {
  const bySignal = new Map<string, Rule[]>();
  const remembered = new Set<string>();
  for (const rule of rules) {
    for (const signal of new Set([rule.signal, rule.over, rule.orSignal])) {
      if (signal === undefined) continue;
      const known = bySignal.get(signal);
      if (known === undefined) bySignal.set(signal, [rule]);
      else known.push(rule);
    }
    if (rule.over !== undefined) remembered.add(rule.signal).add(rule.over);
    if (rule.orSignal !== undefined) remembered.add(rule.orSignal);
  }
  return { byName: new Map(rules.map((rule) => [rule.name, rule])), bySignal, remembered };
}
