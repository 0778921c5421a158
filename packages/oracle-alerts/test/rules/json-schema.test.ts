import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import {
  alertsSchema,
  defaultRules,
  maintenanceSchema,
  parseMaintenance,
  parseRoutes,
  parseRules,
  routeSchema,
  ruleSchema,
} from '../../src/index.js';
import { ruleFields } from '../../src/rules/parse-rules.js';

const ajv = new Ajv2020({ strict: true, allErrors: true });

describe('the JSON Schema', () => {
  it('is published as a file', () => {
    const file = JSON.parse(
      readFileSync(new URL('../../schema/alerts.schema.json', import.meta.url), 'utf8'),
    ) as unknown;
    expect(file).toEqual(JSON.parse(JSON.stringify(alertsSchema)));
  });

  it('knows every field of a rule', () => {
    expect(Object.keys(ruleSchema.properties)).toEqual([...ruleFields]);
  });

  it('takes the default rules', () => {
    const validate = ajv.compile(alertsSchema);
    expect(validate({ rules: defaultRules({ aiBudgetUsd: 1, responseSeconds: 2 }), targets: [] })).toBe(true);
  });

  const broken = fc.constantFrom<unknown>(
    null,
    '',
    'x',
    0,
    -1,
    1.5,
    1e9,
    true,
    [],
    ['x'],
    {},
    { a: 'b' },
    'above',
    'warning',
    '23:59',
    [7],
    ['critical'],
  );
  const mutated = (sample: object): fc.Arbitrary<object> =>
    fc
      .record({ field: fc.constantFrom(...Object.keys(sample), 'surprise'), value: broken })
      .map(({ field, value }) => ({ ...sample, [field]: value }));

  it.each([
    [
      'rules',
      ruleSchema,
      parseRules,
      {
        name: 'a',
        signal: 's',
        comparison: 'above',
        threshold: 1e15,
        unit: 'count',
        severity: 'info',
        summary: 's',
        by: ['j'],
        labels: {},
        confirmations: 2,
        forSeconds: 3,
        services: ['x'],
        staleAfterSeconds: 30,
        recoverySummary: 'r',
        cooldownSeconds: 0,
        flapDamping: false,
        repeatSeconds: 60,
        inhibits: 'none',
        onNoData: 'hold',
      },
    ],
    [
      'routes',
      routeSchema,
      parseRoutes,
      { severities: ['critical'], services: ['s'], rules: ['r'], channels: ['c'], fallback: 'f' },
    ],
    [
      'maintenance',
      maintenanceSchema,
      parseMaintenance,
      { matcher: {}, weekdays: [1], startsAtUtc: '10:00', durationMinutes: 5, comment: 'c' },
    ],
  ])('refuses of %s exactly what the parser refuses', (_name, schema, parse, sample) => {
    const validate = ajv.compile(schema);
    fc.assert(
      fc.property(mutated(sample), (candidate) => {
        const copy = JSON.parse(JSON.stringify(candidate)) as object;
        expect({ candidate: copy, isTaken: validate(copy) }).toEqual({
          candidate: copy,
          isTaken: !('faults' in parse([copy])),
        });
      }),
      { numRuns: 2000, seed: 6 },
    );
  });
});
