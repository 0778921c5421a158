// A service as Kubernetes runs it: work on one port, the sidecar on another; on SIGTERM it is not ready from then on,
// serves for a while longer, and closes in order.
import { createServer } from 'node:http';
import { createHealth, defineCheck, startSidecar } from '@nps/oracle-health';

const drainMs = 3_000;
const health = createHealth({
  service: 'oracle',
  version: '1',
  checks: [defineCheck({ name: 'self', run: () => undefined })],
});
const server = createServer((_request, response) => setTimeout(() => response.end('done'), 30));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const sidecar = await startSidecar({ health, port: 0, thread: process.argv[2] });
process.once('SIGTERM', () => {
  health.drain();
  setTimeout(() => server.close(() => void sidecar.stop()), drainMs);
});
process.stdout.write(`${JSON.stringify({ work: server.address().port, sidecar: sidecar.port })}\n`);
