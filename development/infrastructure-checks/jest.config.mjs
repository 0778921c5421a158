import { jestProject } from '@nps/config/jest';

export default jestProject({
  testTimeout: 120_000, // real processes, on machines that are shared
  maxWorkers: 2,
  globalSetup: '@nps/testing/postgres-setup',
  globalTeardown: '@nps/testing/postgres-teardown',
});
