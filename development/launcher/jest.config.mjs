import { jestConfig } from '@nps/config/jest';

export default jestConfig({
  lines: 90,
  branches: 80,
  collectCoverageFrom: ['src/**/*.ts', '!src/main.ts', '!src/demo-main.ts'],
  globalSetup: '@nps/testing/postgres-setup',
  globalTeardown: '@nps/testing/postgres-teardown',
});
