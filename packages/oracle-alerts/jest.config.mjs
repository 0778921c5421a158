import { jestConfig } from '@nps/config/jest';

export default jestConfig({
  lines: 95,
  branches: 90,
  globalSetup: '@nps/testing/postgres-setup',
  globalTeardown: '@nps/testing/postgres-teardown',
});
