import { jestConfig } from '@nps/config/jest';

export default jestConfig({
  lines: 90,
  branches: 80,
  globalSetup: '@nps/testing/postgres-setup',
  globalTeardown: '@nps/testing/postgres-teardown',
});
