import { createServer } from 'node:http';
import { createMetrics, metricsEndpoint } from '@nps/oracle-metrics';

const metrics = createMetrics({ service: 'oracle', version: '1.0.0' });
const reading = await metrics.track('reading', async () => 'Your number is 7.');
metrics.recordTokens({ model: 'claude-haiku-4-5', input: 900, output: 120 });
metrics.userSeen('user-1');

const server = createServer(metricsEndpoint(metrics)).listen(0, '127.0.0.1');
server.once('listening', async () => {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/metrics`);
  console.log(reading, (await answer.json()).counters.operations);
  server.close();
});
