import { jestConfig } from '@nps/config/jest';

export default jestConfig({
  lines: 90,
  branches: 80,
  // The setup runs before jest's own instrumentation, so its lines cannot be counted; Prometheus is not on every machine.
  collectCoverageFrom: ['src/**/*.ts', '!src/postgres-*.ts', '!src/prometheus.ts'],
  globalSetup: '@nps/testing/postgres-setup',
  globalTeardown: '@nps/testing/postgres-teardown',
});
