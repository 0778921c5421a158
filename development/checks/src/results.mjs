// @ts-check
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const ROOTS = ['packages', 'apps', 'development'];

/** Every workspace folder that has tests. @param {string} root */
export function findSuites(root) {
  return ROOTS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .filter((folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).scripts?.test);
}

/** @param {string} root @param {string} folder */
const resultFile = (root, folder) => join(root, folder, 'coverage', 'results.json');

/** So that a suite that crashes cannot pass by an old result. @param {string} root */
export function removeResults(root) {
  for (const folder of findSuites(root)) rmSync(resultFile(root, folder), { force: true });
}

/** Lines of a failure that are shown again at the end. */
const SHOWN_LINES = 6;

/**
 * The failed tests of a suite, each with the beginning of what it said.
 * @param {{ testResults?: { message?: string, name: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} result
 */
function failuresOf({ testResults = [] }) {
  return testResults.flatMap(({ name, message = '', assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const told = failed.map(({ fullName, failureMessages }) => ({
      name: fullName,
      message: failureMessages.join('\n'),
    }));
    const couldNotRun = assertionResults.length === 0 && message !== '';
    return (couldNotRun ? [{ name, message }] : told).map((failure) => ({
      name: failure.name,
      // Colours of the terminal do not belong into a summary.
      lines: stripVTControlCharacters(failure.message)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(0, SHOWN_LINES),
    }));
  });
}

/**
 * Adds up what jest wrote down. A suite without a result has crashed: one failure.
 * @param {string} root
 * @returns {{ folder: string, passed: number, failed: number, skipped: number, failures: { name: string, lines: string[] }[] }[]}
 */
export function readResults(root) {
  return findSuites(root).map((folder) => {
    const file = resultFile(root, folder);
    if (!existsSync(file))
      return {
        folder,
        passed: 0,
        failed: 1,
        skipped: 0,
        failures: [{ name: 'the suite ended without a result', lines: [] }],
      };
    const result = JSON.parse(readFileSync(file, 'utf8'));
    return {
      folder,
      passed: result.numPassedTests,
      // A suite that could not even be loaded has no failed test of its own.
      failed: Math.max(result.numFailedTests, result.numFailedTestSuites),
      skipped: result.numPendingTests + result.numTodoTests,
      failures: failuresOf(result),
    };
  });
}
