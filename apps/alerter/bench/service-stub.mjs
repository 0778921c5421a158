// One server that answers for every target of the bench, in a process of its own so that its CPU is not counted.
import { createServer } from 'node:http';
import { createMetrics } from '@nps/oracle-metrics';

const PAGE_BYTES = 4096;

const metrics = createMetrics({ service: 'stub' });
for (let index = 0; index < 500; index += 1) metrics.recordReadingTime(100 + (index % 400));

function page() {
  let text = '# TYPE http_requests_total counter\n';
  for (let index = 0; text.length < PAGE_BYTES - 70; index += 1)
    text += `http_requests_total{method="GET",endpoint="/api/${index}",status="200"} ${index * 17}\n`;
  return text.padEnd(PAGE_BYTES, '#').replace(/#$/, '\n');
}

const answers = {
  '/metrics': page,
  '/metrics.json': () => JSON.stringify(metrics.getMetrics()),
  '/health': () =>
    JSON.stringify({
      status: 'healthy',
      timestamp: new Date().toISOString(),
      service: 'stub',
      version: '1',
      uptime_seconds: 1,
      checks: { database: { status: 'ok', latency_ms: 2 }, disk: { status: 'ok', value: 0.4, unit: 'ratio' } },
    }),
};
// As every service behind our sidecar: connections outlive the time between two visits.
const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) =>
  response.end(answers[request.url.split('?')[0]]()),
);
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ message: 'listening', port: server.address().port })));
