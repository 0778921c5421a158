import { drainFunctions } from './drain.js';
import { outputFunctions } from './output.js';

/**
 * Tools weave calls into functions: bundlers `__name(fn, "x")`, coverage `cov_…().s[1]++`. The thread does not have
 * what they call, so such a name stands there for something that takes every use and hands `fn` back.
 */
const wovenNames = /\b(?:__name|cov_\w+)\b/g;

/** What the thread says last, after all it had to report: everything is written and every file closed. */
export const lastWord = 'done';

/**
 * The writer thread's program as text. A thread needs a file or a text; a file's address would have to be found
 * differently in ESM, CommonJS, bundles and TypeScript sources, while the functions' own text is right in all of them.
 */
export function threadSource(): string {
  const functions = [...outputFunctions(), ...drainFunctions()].map(String).join('\n');
  const woven = [...new Set(functions.match(wovenNames))].map((name) => `const ${name} = woven;`).join('\n');
  return `'use strict';
const woven = new Proxy(function () {}, {
  apply: (_target, _self, [value]) => value ?? woven,
  get: (_target, key) => (key === Symbol.toPrimitive ? () => 0 : woven),
  set: () => true,
});
${woven}
${functions}
const fs = require('node:fs');
const { workerData, parentPort } = require('node:worker_threads');
const { outputs, ...shared } = workerData;
runDrain({
  ...shared,
  outputs: outputs.map((setup) => ({ targets: setup.targets, output: createOutput(fs, setup) })),
  now: () => performance.now(),
  report: (event) => parentPort.postMessage(event),
});
parentPort.postMessage('${lastWord}');
`;
}
