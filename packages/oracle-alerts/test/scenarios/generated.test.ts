import { describe, expect, it } from '@jest/globals';
import { createScenarioAlerter } from './adapter.js';
// @ts-expect-error Plain JavaScript, shared with the runner of apps/alerter.
import * as untypedGenerator from './fixtures/generate.mjs';
// @ts-expect-error The harness is plain JavaScript, as it was handed to us.
import * as untypedHarness from './fixtures/harness.mjs';
import type { Harness, Scenario } from './scenario-types.js';

const harness = untypedHarness as unknown as Harness;
const { generate, surplusCopies } = untypedGenerator as unknown as {
  generate(): readonly Scenario[];
  surplusCopies(scenario: Scenario, result: object): readonly string[];
};
const document = harness.load(new URL('./fixtures/scenarios.json', import.meta.url));
/** Every so many of them; 1 for all, which the runner of apps/alerter does too (`--generated`). */
const EVERY = Number(process.env['GENERATED_EVERY'] ?? 13);

describe('timelines derived from ALERTING.md', () => {
  const chosen = generate().filter((_, index) => index % EVERY === 0);
  const groups = [...new Set(chosen.map(({ group }) => group))];

  it.each(groups)(
    'end as they must: %s',
    async (group) => {
      const failed: string[] = [];
      for (const scenario of chosen.filter((candidate) => candidate.group === group)) {
        const result = await harness.run(scenario, document, createScenarioAlerter);
        const problems = [...result.problems, ...surplusCopies(scenario, result)];
        if (problems.length > 0) failed.push(`${scenario.id} ${scenario.title}: ${problems.join('; ')}`);
      }
      expect(failed).toEqual([]);
    },
    600_000,
  );

  it('are many, of every group', () => {
    expect(generate().length).toBeGreaterThan(2500);
    expect(groups).toHaveLength(14);
  });
});
