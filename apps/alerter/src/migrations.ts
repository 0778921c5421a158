import { migrations as alertMigrations } from '@nps/oracle-alerts/postgres';
import { migrations as healthMigrations } from '@nps/oracle-health/postgres';
import { migrations as metricsMigrations } from '@nps/oracle-metrics/postgres';
import type { Migration } from './migrate.js';
import { migrations as ownMigrations } from './replicas.js';

/** The whole schema: every package's steps, each package's in its own order. */
export const allMigrations: readonly Migration[] = [
  ...healthMigrations,
  ...metricsMigrations,
  ...alertMigrations,
  ...ownMigrations,
];
