import { describe, expect, it } from '@jest/globals';
import { defaultRules } from '../../src/index.js';
import { createScenarioAlerter } from './adapter.js';
// @ts-expect-error The harness is plain JavaScript, as it was handed to us.
import * as untypedHarness from './fixtures/harness.mjs';
import type { Harness } from './scenario-types.js';

const harness = untypedHarness as unknown as Harness;
const given = harness.load(new URL('./fixtures/scenarios.json', import.meta.url));
const own = harness.load(new URL('./fixtures/own-scenarios.json', import.meta.url));

describe('the shipped engine in the fake world', () => {
  for (const document of [given, own]) {
    for (const scenario of document.scenarios) {
      it(`does what ${scenario.id} (${scenario.group}) asks: ${JSON.stringify(scenario.title)}`, async () => {
        const result = await harness.run(scenario, document, createScenarioAlerter);
        expect(result.problems).toEqual([]);
      }, 60_000);
    }
  }

  it.each([
    ['A007', { confirmations: 1 }],
    ['A043', { threshold: 0.049 }],
    ['A003', { recoverySummary: undefined }],
    ['A030', { cooldownSeconds: 100_000 }],
  ])('is convicted by %s when a rule is broken on purpose: %o', async (id, broken) => {
    const scenario = given.scenarios.find((candidate) => candidate.id === id);
    if (scenario === undefined) throw new Error(`no scenario ${id}`);
    const rules = defaultRules().map((rule) => Object.assign({}, rule, { onNoData: 'hold' }, broken));
    const result = await harness.run(scenario, given, (env) => createScenarioAlerter(env, rules));
    expect(result.problems).not.toEqual([]);
  });
});
