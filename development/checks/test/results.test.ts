import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readResults, removeResults } from '../src/results.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'results-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function addSuite(folder: string, result?: object): void {
  mkdirSync(join(root, folder, 'coverage'), { recursive: true });
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify({ scripts: { test: 'jest' } }));
  if (result) writeFileSync(join(root, folder, 'coverage/results.json'), JSON.stringify(result));
}
const jestResult = {
  numPassedTests: 5,
  numFailedTests: 0,
  numFailedTestSuites: 0,
  numPendingTests: 1,
  numTodoTests: 0,
};

it('adds up what each suite wrote, and counts a suite without a result as failed', () => {
  addSuite('packages/a', jestResult);
  addSuite('apps/b');
  expect(readResults(root)).toEqual([
    { folder: 'packages/a', passed: 5, failed: 0, skipped: 1, failures: [] },
    {
      folder: 'apps/b',
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: [{ name: 'the suite ended without a result', lines: [] }],
    },
  ]);
});

it('counts a suite that could not be loaded, although none of its tests failed', () => {
  addSuite('packages/a', { ...jestResult, numFailedTestSuites: 1 });
  expect(readResults(root)).toMatchObject([{ failed: 1 }]);
});

it('forgets old results, so that a crash cannot pass by them', () => {
  addSuite('packages/a', jestResult);
  removeResults(root);
  expect(readResults(root)).toMatchObject([{ failed: 1 }]);
});

it('names what failed, with the beginning of what it said', () => {
  const long = Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n\n');
  addSuite('packages/a', {
    ...jestResult,
    numFailedTests: 1,
    numFailedTestSuites: 2,
    testResults: [
      {
        name: '/a/test/one.test.ts',
        message: 'all of it',
        assertionResults: [
          { status: 'passed', fullName: 'one adds', failureMessages: [] },
          {
            status: 'failed',
            fullName: 'one subtracts',
            failureMessages: [`\u001B[31mError: 3 is not 4\u001B[39m\n${long}`],
          },
        ],
      },
      { name: '/a/test/two.test.ts', message: 'Cannot find module x', assertionResults: [] },
    ],
  });
  const [first, second] = readResults(root)[0]?.failures ?? [];
  expect(first?.name).toBe('one subtracts');
  expect(first?.lines.slice(0, 2)).toEqual(['Error: 3 is not 4', 'line 0']);
  expect(first?.lines).toHaveLength(6);
  expect(second).toEqual({ name: '/a/test/two.test.ts', lines: ['Cannot find module x'] });
});
