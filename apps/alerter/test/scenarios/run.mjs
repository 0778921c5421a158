// Runs scenarios against the built alerter on a fake clock: npm run scenarios [-- --file F.json] [--generated] [--only A030,A088] [--broken]
// --generated runs the timelines that are derived from ALERTING.md (2,779, some minutes).
// --broken proves the runner itself: with each rule broken on purpose at least one scenario must fail.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate, surplusCopies } from '../../../../packages/oracle-alerts/test/scenarios/fixtures/generate.mjs';
import { load, run } from '../../../../packages/oracle-alerts/test/scenarios/fixtures/harness.mjs';
import { createAlerter, rulesOf } from './adapter.mjs';

const SHIPPED = [
  fileURLToPath(new URL('../../../../packages/oracle-alerts/test/scenarios/fixtures/scenarios.json', import.meta.url)),
  fileURLToPath(new URL('./own-scenarios.json', import.meta.url)),
];

/** Each must be noticed by some scenario. */
const BROKEN = {
  'one failed probe is enough for down': (rule) => (rule.name === 'down' ? { ...rule, confirmations: 1 } : rule),
  'one good probe is enough for recovered': (rule) =>
    rule.name === 'down' ? { ...rule, recoverConfirmations: 1 } : rule,
  'exactly 5 % fires': (rule) => (rule.name === 'error_rate' ? { ...rule, threshold: 0.0499 } : rule),
  'one error of one operation fires': (rule) =>
    rule.name === 'error_rate' ? { ...rule, minimumEvents: 1, minimumErrors: 1 } : rule,
  'exactly 10 s fires': (rule) => (rule.name === 'slow_reading' ? { ...rule, threshold: 9.999 } : rule),
  'an outage hides nothing': (rule) => (rule.name === 'down' ? { ...rule, inhibits: 'none' } : rule),
  'no cooldown': (rule) => ({ ...rule, cooldownSeconds: 0 }),
  'recovery is not told': ({ recoverySummary: _dropped, ...rule }) => rule,
};

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    only: { type: 'string' },
    generated: { type: 'boolean' },
    broken: { type: 'boolean' },
  },
});
const documents = values.generated
  ? [{ ...load(SHIPPED[0]), scenarios: generate() }]
  : (values.file === undefined ? SHIPPED : [values.file]).map((path) => load(path));
const only = values.only?.split(',');
const scenarios = documents.flatMap((document) =>
  document.scenarios.filter(({ id }) => only?.includes(id) ?? true).map((scenario) => ({ document, scenario })),
);

/** Runs all of them; what failed, each with its problems. */
async function failures(create) {
  const failed = [];
  for (const { document, scenario } of scenarios) {
    const result = await run(scenario, document, create);
    const problems = [...result.problems, ...surplusCopies(scenario, result)];
    if (problems.length > 0) failed.push({ ...scenario, problems });
  }
  return failed;
}

async function runBroken() {
  let unnoticed = 0;
  for (const [what, breakRule] of Object.entries(BROKEN)) {
    const failed = await failures((env) => createAlerter(env, rulesOf(env.config).map(breakRule)));
    if (failed.length === 0) unnoticed += 1;
    console.log(
      `${failed.length > 0 ? 'noticed  ' : 'UNNOTICED'} ${what}: ${failed
        .map(({ id }) => id)
        .slice(0, 6)
        .join(' ')}`,
    );
  }
  console.log(`${Object.keys(BROKEN).length - unnoticed} noticed, ${unnoticed} unnoticed`);
  return unnoticed;
}

async function runAll() {
  const failed = await failures(createAlerter);
  for (const { id, group, title, problems } of failed) {
    console.log(`FAIL ${id} [${group}] ${title}\n     ${problems.slice(0, 4).join('\n     ')}`);
  }
  console.log(`${scenarios.length - failed.length} passed, ${failed.length} failed`);
  return failed.length;
}

process.exitCode = (await (values.broken ? runBroken() : runAll())) > 0 ? 1 : 0;
