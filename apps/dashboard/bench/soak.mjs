// One minute of a thousand sockets that say almost nothing, while others ask.
import { benchSection, startPostgres } from '@nps/testing';
import { askSteadily, quantile } from './load.mjs';
import { seed } from './seed.mjs';
import { holdSlowSockets } from './slow-sockets.mjs';
import { startDashboard } from './stack.mjs';

const SOCKETS = 1000;
const SECONDS = 60;
const PATHS = ['/api/status', '/api/history?range=24h', '/api/alerts', '/api/logs', '/healthz'];

const section = benchSection('dashboard-soak');
const postgres = await startPostgres();
const connectionString = postgres.connectionString();
await seed(connectionString, ['oracle', 'scanner'], { days: 1, nowMs: Date.now() });
const dashboard = await startDashboard(connectionString, ['oracle', 'scanner']);
const ask = (seconds, onFailure) =>
  askSteadily((turn) => `${dashboard.url}${PATHS[turn % PATHS.length]}`, { perSecond: 20, seconds, onFailure });
await ask(5);
const alone = await ask(15);
const attack = holdSlowSockets(dashboard.url, SOCKETS);
try {
  const failures = [];
  const times = await ask(SECONDS, (error) => failures.push(error.message));
  const residentMb = dashboard.residentMb();
  const { held, opened, lettersSent } = await attack.stop();
  section.figure('slow sockets opened within the minute', opened, '');
  section.figure('still open at its end', held, '');
  section.figure('letters they sent', lettersSent, '');
  section.bar(`\`/api\` beside ${SOCKETS} slow sockets for ${SECONDS} s, p99`, quantile(times, 0.99), ' ms', {
    atMost: 500,
  });
  section.figure('the same, p50', quantile(times, 0.5), ' ms');
  section.figure('without them, for 15 s before, p99', quantile(alone, 0.99), ' ms');
  section.figure('the same, p50', quantile(alone, 0.5), ' ms');
  section.bar('answers other than 200, and requests without an answer', failures.length, '', { atMost: 0 });
  if (failures.length > 0) console.log(failures.slice(0, 5));
  section.bar('server: resident memory meanwhile', residentMb, ' MB', { atMost: 200 });
} finally {
  await dashboard.stop();
  await postgres.remove();
}
section.finish();
