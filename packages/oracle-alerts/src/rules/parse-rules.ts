import { type Rule, severities } from '../contract/index.js';
import { FieldReader } from './rule-fields.js';

/** Rules, or every fault at once. */
export type ParsedRules = { readonly rules: readonly Rule[] } | { readonly faults: readonly string[] };

/** The fields of a rule, in the order of the documentation. */
export const ruleFields = [
  'name',
  'signal',
  'over',
  'orSignal',
  'labels',
  'by',
  'each',
  'services',
  'comparison',
  'threshold',
  'clearThreshold',
  'unit',
  'confirmations',
  'recoverConfirmations',
  'forSeconds',
  'recoverForSeconds',
  'minimumEvents',
  'minimumErrors',
  'staleAfterSeconds',
  'severity',
  'summary',
  'recoverySummary',
  'cooldownSeconds',
  'flapDamping',
  'repeatSeconds',
  'inhibits',
  'onNoData',
] as const satisfies readonly (keyof Rule)[];

const MOST_RULES = 500;
const WEEK_SECONDS = 604_800;
const NUMBER_LIMIT = 1e15;
const NAME = { test: /^[a-z][a-z0-9_]{0,63}$/, words: 'a name of a-z, 0-9 and _ that begins with a letter' } as const;

/** Checks rules from a configuration file. */
export function parseRules(value: unknown): ParsedRules {
  if (!Array.isArray(value)) return { faults: ['rules: expected a list of rules'] };
  if (value.length > MOST_RULES)
    return { faults: [`rules: expected at most ${MOST_RULES} rules, got ${value.length}`] };
  const faults: string[] = [];
  const rules = value.map((entry, index) => parseRule(entry, `rules[${index}]`, faults));
  const names = rules.map((rule) => rule.name).filter((name) => name !== '');
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index))) {
    faults.push(`rules: the name "${name}" is used more than once`);
  }
  return faults.length > 0 ? { faults } : { rules };
}

function parseRule(entry: unknown, place: string, faults: string[]): Rule {
  const read = new FieldReader(place, entry, ruleFields, faults);
  const seconds = (name: string): number => read.number(name, 0, WEEK_SECONDS);
  const count = (name: string): number => read.integer(name, 1, 1000);
  const figure = (name: string): number => read.number(name, -NUMBER_LIMIT, NUMBER_LIMIT);
  const text = (name: string): string => read.text(name);
  const rule = {
    name: read.text('name', NAME),
    signal: read.text('signal'),
    over: read.optional('over', text),
    orSignal: read.optional('orSignal', text),
    labels: read.optional('labels', (name) => read.textMap(name)),
    by: read.optional('by', (name) => read.texts(name)),
    each: read.optional('each', text),
    services: read.optional('services', (name) => read.texts(name)),
    comparison: read.word('comparison', ['above', 'below']),
    threshold: figure('threshold'),
    clearThreshold: read.optional('clearThreshold', figure),
    unit: read.word('unit', ['ratio', 'seconds', 'days', 'usd', 'count', 'state']),
    confirmations: read.optional('confirmations', count),
    recoverConfirmations: read.optional('recoverConfirmations', count),
    forSeconds: read.optional('forSeconds', seconds),
    recoverForSeconds: read.optional('recoverForSeconds', seconds),
    minimumEvents: read.optional('minimumEvents', (name) => read.integer(name, 0, 1e9)),
    minimumErrors: read.optional('minimumErrors', (name) => read.integer(name, 1, 1e9)),
    staleAfterSeconds: read.optional('staleAfterSeconds', (name) => read.number(name, 1, WEEK_SECONDS)),
    severity: read.word('severity', severities),
    summary: read.text('summary'),
    recoverySummary: read.optional('recoverySummary', text),
    cooldownSeconds: read.optional('cooldownSeconds', seconds),
    flapDamping: read.optional('flapDamping', (name) => read.boolean(name)),
    repeatSeconds: read.optional('repeatSeconds', (name) => read.number(name, 60, WEEK_SECONDS)),
    inhibits: read.optional('inhibits', (name) => read.word<'source' | 'none'>(name, ['source', 'none'])),
    onNoData: read.optional('onNoData', (name) => read.word<'hold' | 'notify'>(name, ['hold', 'notify'])),
  };
  faults.push(...contradictions(rule, place));
  return Object.fromEntries(Object.entries(rule).filter(([, field]) => field !== undefined)) as unknown as Rule;
}

type LooseRule = { readonly [Field in keyof Rule]: Rule[Field] | undefined };

/** What is well-formed and yet can never work. */
function contradictions(rule: LooseRule, place: string): readonly string[] {
  const faults: string[] = [];
  const { clearThreshold: clear, threshold = 0 } = rule;
  if (clear !== undefined && (rule.comparison === 'above' ? clear > threshold : clear < threshold)) {
    faults.push(
      `${place}.clearThreshold: expected a value on the good side of the threshold ${threshold}, got ${clear}`,
    );
  }
  if (rule.each !== undefined && (rule.over !== undefined || rule.by !== undefined)) {
    faults.push(`${place}.each: cannot be combined with "over" or "by"`);
  }
  if (rule.orSignal !== undefined && rule.each === undefined) faults.push(`${place}.orSignal: needs "each"`);
  if (rule.over === undefined && (rule.minimumEvents !== undefined || rule.minimumErrors !== undefined)) {
    faults.push(`${place}.minimumEvents: needs "over"`);
  }
  return faults;
}
