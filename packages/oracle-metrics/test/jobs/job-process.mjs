// A process of its own that runs one job: `node job-process.mjs <connection string> <how it ends>`.

import { createJobMonitor } from '@nps/oracle-metrics';
import pg from 'pg';

const [, , connectionString, ending] = process.argv;
const pool = new pg.Pool({ connectionString });
pool.on('error', () => {});
const monitor = createJobMonitor({ pool, leaseMs: 1000 });
const work = () =>
  new Promise((resolve, reject) => {
    process.send('working');
    process.on('message', (message) => {
      if (message === 'finish') resolve('done');
      if (message === 'fail') reject(new Error('no ink left'));
    });
  });
try {
  const result = await monitor.monitorJob('night-report', { metadata: { ending } }, work);
  process.send({ result });
} catch (error) {
  process.send({ error: error.message });
}
await monitor.stop();
await pool.end();
process.disconnect();
