import type { Pool } from 'pg';
import type { Deploy } from '../contract/history.js';
import { applyMigrations, type Migration } from './ledger.js';

/** Releases, as a pipeline reports them. The dashboard is the only writer of this table. */
export interface DeployBook {
  store(deploy: {
    readonly service: string;
    readonly version: string;
    readonly at: string;
    readonly by: string;
  }): Promise<Deploy>;
  /** Those of one service, or of all, oldest first. */
  between(service: string | null, from: string, to: string): Promise<readonly Deploy[]>;
}

/** The dashboard's own tables. `if not exists`: the first release made the table without writing it into the ledger. */
export const deployMigrations: readonly Migration[] = [
  {
    id: 'dashboard-0001',
    sql: `create table if not exists dashboard_deploys (
      id      bigint generated always as identity primary key,
      service text not null,
      version text not null,
      at      timestamptz not null,
      by_user text not null,
      unique (service, version, at)
    )`,
  },
];

interface Row {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly at: Date;
  readonly by_user: string;
}

/** Makes its table, by way of the ledger, with the first write: a dashboard that only reads changes nothing in the database. */
export function createDeployBook(pool: Pool): DeployBook {
  let isThere = false;
  return {
    async store({ service, version, at, by }) {
      if (!isThere) await applyMigrations(pool, deployMigrations);
      isThere = true;
      const { rows } = await pool.query<Row>(
        `insert into dashboard_deploys (service, version, at, by_user) values ($1, $2, $3, $4)
         on conflict (service, version, at) do update set by_user = excluded.by_user returning *`,
        [service, version, at, by],
      );
      return deployOf(rows[0] as Row);
    },
    async between(service, from, to) {
      isThere ||=
        (await pool.query<{ there: boolean }>(`select to_regclass('dashboard_deploys') is not null as there`)).rows[0]
          ?.there === true;
      if (!isThere) return [];
      const { rows } = await pool.query<Row>(
        'select * from dashboard_deploys where ($1::text is null or service = $1) and at >= $2 and at <= $3 order by at, id limit 200',
        [service, from, to],
      );
      return rows.map(deployOf);
    },
  };
}

function deployOf({ id, service, version, at, by_user: by }: Row): Deploy {
  return { id, service, version, at: at.toISOString(), by };
}
