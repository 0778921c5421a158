import { jestConfig, jestProject } from '@nps/config/jest';

const server = jestProject({
  displayName: 'server',
  testMatch: ['<rootDir>/test/{contract,server,browser}/**/*.test.ts'],
  globalSetup: '@nps/testing/postgres-setup',
  globalTeardown: '@nps/testing/postgres-teardown',
});
const web = jestProject({
  displayName: 'web',
  testEnvironment: 'jest-environment-jsdom',
  testEnvironmentOptions: { customExportConditions: ['nps-source', 'browser'] },
  testMatch: ['<rootDir>/test/web/**/*.test.{ts,tsx}'],
});

export default jestConfig({ lines: 90, branches: 80, projects: [server, web] });
