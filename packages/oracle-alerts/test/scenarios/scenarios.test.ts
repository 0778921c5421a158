import { describe, expect, it } from '@jest/globals';
import { createScenarioAlerter } from './adapter.js';
// @ts-expect-error The harness is plain JavaScript, as it was handed to us.
import * as untypedHarness from './fixtures/harness.mjs';
import type { Harness } from './scenario-types.js';

const harness = untypedHarness as unknown as Harness;
const document = harness.load(new URL('./fixtures/scenarios.json', import.meta.url));

describe('the shipped engine in the fake world', () => {
  for (const scenario of document.scenarios) {
    it(`does what ${scenario.id} (${scenario.group}) asks: ${scenario.title}`, async () => {
      const result = await harness.run(scenario, document, createScenarioAlerter);
      expect(result.problems).toEqual([]);
    });
  }
});
