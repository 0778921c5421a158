// Stores one row per message of the history until it is killed: `node writer-process.mjs <connection string> <service>`.
import { createSketch } from '@nps/oracle-metrics';
import { createMetricsHistory } from '@nps/oracle-metrics/postgres';
import pg from 'pg';

const [, , connectionString, service] = process.argv;
const history = createMetricsHistory({ pool: new pg.Pool({ connectionString }) });
const sketch = createSketch();
sketch.record(1);
const start = Math.floor(Date.now() / 60_000) * 60_000;
for (let stored = 0; ; stored++) {
  const minute = new Date(start - stored * 60_000).toISOString();
  await history.store([{ service, operation: 'reading', minute, count: 1, errors: 0, sketch: sketch.encode() }]);
  process.send(minute);
}
