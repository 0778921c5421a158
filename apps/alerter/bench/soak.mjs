// npm run soak [-- --only kill-nine,quiet-days --runs 200 --seed 1 --away 300]: the long figures of the alerter, some
// forty minutes in all.
import { parseArgs } from 'node:util';
import { benchSection, startPostgres } from '@nps/testing';
import { databaseAway, reportDatabaseAway } from './database-away.mjs';
import { failover, reportFailover } from './failover.mjs';
import { heapSlope, reportHeapSlope } from './heap-slope.mjs';
import { killNine, reportKillNine } from './kill-nine.mjs';
import { killToAccept, reportKillToAccept } from './kill-to-accept.mjs';
import { quietDays, reportQuietDays } from './quiet-days.mjs';
import { reportTakeOvers, takeOvers } from './takeover.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    away: { type: 'string', default: '300' },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
const awaySeconds = Number(values.away);
const KILLS = 60;
const DAYS = 20;
const ROUNDS = 3;

async function withPostgres(measure) {
  const postgres = await startPostgres();
  try {
    return await measure(postgres.connectionString());
  } finally {
    await postgres.remove();
  }
}

const PARTS = {
  'heap-slope': async (section) => reportHeapSlope(section, await heapSlope()),
  'quiet-days': async (section) => reportQuietDays(section, DAYS, await quietDays({ days: DAYS })),
  'kill-to-accept': (section) =>
    withPostgres(async (connectionString) =>
      reportKillToAccept(section, KILLS, await killToAccept({ runs: KILLS, seed, connectionString })),
    ),
  takeover: (section) =>
    withPostgres(async (connectionString) =>
      reportTakeOvers(section, await takeOvers({ rounds: ROUNDS, connectionString })),
    ),
  'database-away': async (section) => reportDatabaseAway(section, awaySeconds, await databaseAway({ awaySeconds })),
  failover: async (section) => {
    for (const replication of ['synchronous', 'asynchronous', 'lossy'])
      reportFailover(section, replication, await failover(replication));
  },
  'kill-nine': (section) =>
    withPostgres(async (connectionString) => reportKillNine(section, await killNine({ runs, seed, connectionString }))),
};

const section = benchSection('alerter');
for (const name of values.only?.split(',') ?? Object.keys(PARTS)) {
  if (!Object.hasOwn(PARTS, name)) throw new Error(`--only expects names of ${Object.keys(PARTS).join(', ')}`);
  console.log(`\n${name}`);
  await PARTS[name](section);
}
section.finish();
