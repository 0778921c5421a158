import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * The jest settings every workspace package shares: ESM straight from the TypeScript sources, coverage gated.
 * @param {{lines: number, branches: number, [extra: string]: unknown}} gate minimum coverage in per cent; further jest options
 */
export function jestConfig({ lines, branches, ...extra }) {
  return {
    ...jestProject(),
    maxWorkers: 2,
    testTimeout: 60_000, // real databases and processes, on machines that are shared
    coverageProvider: 'babel',
    collectCoverageFrom: ['src/**/*.{ts,tsx}', '!src/**/main.{ts,tsx}', '!src/**/*.d.ts'],
    coverageReporters: ['text-summary', 'lcov', 'json-summary'],
    coverageThreshold: { global: { lines, branches } },
    ...extra,
  };
}

/** What a single jest project needs; use it for `projects` when a package has two worlds (server, web). */
export function jestProject(extra = {}) {
  return {
    testEnvironment: 'node',
    testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
    extensionsToTreatAsEsm: ['.ts', '.tsx'],
    // Sources import './x.js' as Node demands of ESM; here the file is still x.ts.
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
    testEnvironmentOptions: { customExportConditions: ['nps-source', 'node', 'node-addons'] },
    transform: {
      '^.+\\.tsx?$': [
        require.resolve('@swc/jest'),
        {
          jsc: {
            target: 'es2022',
            parser: { syntax: 'typescript', tsx: true, decorators: true },
            transform: { decoratorVersion: '2022-03', react: { runtime: 'automatic' } },
          },
          module: { type: 'es6' },
          sourceMaps: 'inline',
        },
      ],
    },
    ...extra,
  };
}
