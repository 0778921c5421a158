// One server that answers for every target of the bench, in a process of its own so that its CPU is not counted.
import { createServer } from 'node:http';
import { createMetrics } from '@nps/oracle-metrics';

const metrics = createMetrics({ service: 'stub' });
for (let index = 0; index < 500; index += 1) metrics.recordReadingTime(100 + (index % 400));
const server = createServer((request, response) => {
  const body = request.url.startsWith('/metrics.json')
    ? metrics.getMetrics()
    : {
        status: 'healthy',
        timestamp: new Date().toISOString(),
        service: 'stub',
        version: '1',
        uptime_seconds: 1,
        checks: { database: { status: 'ok', latency_ms: 2 }, disk: { status: 'ok', value: 0.4, unit: 'ratio' } },
      };
  response.end(JSON.stringify(body));
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ message: 'listening', port: server.address().port })));
