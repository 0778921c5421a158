import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { builtInNotifiers, defaultRules, severities } from '@nps/oracle-alerts';
import { targetKinds } from '@nps/oracle-health/contract';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readConfig } from '../src/config.js';
import { parseSettings, parseSettingsText } from '../src/settings.js';
import { referencedVariables } from '../src/variables.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const schema = JSON.parse(readFileSync(join(folder, 'configuration.schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true, allowUnionTypes: true, strictTuples: false }).compile(schema);
const examples = readdirSync(join(folder, 'examples')).map((name) => ({
  name,
  text: readFileSync(join(folder, 'examples', name), 'utf8'),
}));

const ORACLE = { name: 'oracle', kind: 'service', url: 'http://oracle.test' };
const RULE = {
  name: 'a',
  signal: 'b',
  comparison: 'above',
  threshold: 1,
  unit: 'count',
  severity: 'info',
  summary: 'c',
};
const withRule = (change: object): object => ({ targets: [ORACLE], rules: [{ ...RULE, ...change }] });
const withTarget = (change: object): object => ({ targets: [{ ...ORACLE, ...change }] });

/** Whether the alerter itself would take the file. */
function isTaken(file: unknown): boolean {
  const config = readConfig({});
  return 'config' in config && 'settings' in parseSettings(file, config.config);
}

describe('the JSON Schema of the configuration file', () => {
  it.each(examples)('accepts the shipped example $name, and so does the alerter', ({ name, text }) => {
    expect(validate(parse(text))).toBe(true);
    const values = referencedVariables(text).map((variable) => [
      variable,
      variable.endsWith('_URL') ? 'postgres://db.test/nps' : '1'.repeat(32),
    ]);
    const config = readConfig(Object.fromEntries(values));
    expect('config' in config && parseSettingsText(text, name, config.config)).toMatchObject({ settings: {} });
  });

  it('knows the same words as the code', () => {
    expect(schema.definitions.target.properties.kind.enum).toEqual([...targetKinds]);
    expect(schema.definitions.rule.properties.severity.enum).toEqual([...severities]);
    const kinds = schema.definitions.channel.oneOf.map(
      (channel: { properties: { kind: { const: string } } }) => channel.properties.kind.const,
    );
    expect(new Set(kinds)).toEqual(new Set(builtInNotifiers.map(({ kind }) => kind)));
  });

  it('accepts the default rules as a file would have them', () => {
    expect(validate({ targets: [ORACLE], rules: defaultRules({ aiBudgetUsd: 5, responseSeconds: 2 }) })).toBe(true);
  });

  it.each([
    {},
    { targets: [] },
    { targets: [ORACLE], colour: 'red' },
    withTarget({ kind: 'pigeon' }),
    withTarget({ timeoutMs: 50 }),
    withTarget({ timeoutMs: 20_000 }),
    withTarget({ name: 'two words' }),
    withTarget({ secret: 'x' }),
    withTarget({ healthPath: 'health' }),
    withRule({ name: 'Upper' }),
    withRule({ threshold: '5' }),
    withRule({ severity: 'fatal' }),
    withRule({ confirmations: 0 }),
    withRule({ repeatSeconds: 5 }),
    withRule({ labels: { a: 1 } }),
    withRule({ by: [] }),
    { targets: [ORACLE], channels: { a: { kind: 'telegram', chatId: '1' } } },
    { targets: [ORACLE], channels: { 'Big Name': { kind: 'slack', url: 'https://a.test' } } },
    { targets: [ORACLE], routes: [{ severities: ['loud'], channels: ['a'] }] },
    { targets: [ORACLE], routes: [{}] },
    { targets: [ORACLE], maintenance: [{ startsAtUtc: '24:00', durationMinutes: 10 }] },
    { targets: [ORACLE], maintenance: [{ startsAtUtc: '23:00', durationMinutes: 0 }] },
  ])('refuses what the alerter refuses: %j', (file) => {
    expect(validate(file)).toBe(false);
    expect(isTaken(file)).toBe(false);
  });

  it.each([
    withTarget({ timeoutMs: 100, dependsOn: [], displayName: 'O', tokenVariable: undefined }),
    withRule({ over: 'd', minimumEvents: 0, clearThreshold: 0.5, by: ['x'], onNoData: 'notify', inhibits: 'source' }),
    {
      targets: [ORACLE],
      channels: {
        a: { kind: 'email', host: 'm.test', from: 'a@b.test', to: 'c@d.test, e@f.test', port: 25, security: 'none' },
      },
    },
    {
      targets: [ORACLE],
      channels: { a: { kind: 'telegram', token: '123:abc', chatId: -100 } },
      routes: [{ channels: ['a'], fallback: 'a' }],
    },
    { targets: [ORACLE], maintenance: [{ weekdays: [0, 6], startsAtUtc: '00:00', durationMinutes: 1440 }] },
  ])('accepts what the alerter takes: %j', (file) => {
    expect(validate(JSON.parse(JSON.stringify(file)))).toBe(true);
    expect(isTaken(JSON.parse(JSON.stringify(file)))).toBe(true);
  });
});
