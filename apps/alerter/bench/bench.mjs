// npm run bench: the alerter's figures in some five minutes. Longer ones: npm run soak.
import { benchSection, startPostgres } from '@nps/testing';
import { heapSlope, reportHeapSlope } from './heap-slope.mjs';
import { killToAccept, reportKillToAccept } from './kill-to-accept.mjs';
import { bareCollector, manyTargets } from './many-targets.mjs';

const KILLS = 60;

const section = benchSection('alerter');
const postgres = await startPostgres();
const connectionString = postgres.connectionString();
try {
  const services = await manyTargets({ kind: 'service', count: 1000, seconds: 60, connectionString });
  const what = '1,000 services every 5 s, a probe and metrics each, recorded in PostgreSQL';
  section.figure(`${what}: share of one core`, services.cpuPercent, ' %');
  section.bar(`${what}: memory`, services.megabytes, ' MB', { atMost: 150 });
  section.figure(`${what}: highest memory on the way`, services.highestMegabytes, ' MB');
  section.bar(`${what}: visits of those due`, services.visitsShare * 100, ' %', { atLeast: 98 });
  section.bar(`${what}: false alarms`, services.falseAlarms, '', { atMost: 0 });

  const pages = await manyTargets({ kind: 'prometheus', count: 2000, seconds: 30 });
  section.bar('2,000 pages of 4 KB every 5 s: share of one core', pages.cpuPercent, ' %', { atMost: 20 });
  const bare = { fetch: 0, axios: 0 };
  for (const client of ['fetch', 'axios']) {
    bare[client] = await bareCollector({ client, count: 2000, seconds: 20 });
    section.figure(
      `the same pages by ${client} alone, kept connections, nothing read: share of one core`,
      bare[client],
      ' %',
    );
  }
  // 20 % stands beside 18 % of fetch, measured on another machine: here is what of it does not depend on the machine.
  section.bar('2,000 pages of 4 KB, read and judged ÷ fetch alone', pages.cpuPercent / bare.fetch, '×', {
    atMost: 20 / 18,
  });
  section.bar('2,000 pages of 4 KB every 5 s: errors', pages.falseAlarms, '', { atMost: 0 });
  section.bar('2,000 pages of 4 KB every 5 s: visits of those due', pages.visitsShare * 100, ' %', { atLeast: 98 });

  reportKillToAccept(section, KILLS, await killToAccept({ runs: KILLS, seed: 1, connectionString }));
} finally {
  await postgres.remove();
}
reportHeapSlope(section, await heapSlope());
section.finish();
