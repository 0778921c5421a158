// One service of ordinary habits (HTTP, TLS, HTTP/2 and pg loaded, requests served, memory used and given back), with or
// without this package watching eight things and serving the sidecar's port. Prints its resident memory in bytes.
import { createServer, get } from 'node:http';
import 'node:http2';
import 'node:https';
import pg from 'pg';

const [variant, connectionString] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 2 });
const server = createServer((_request, response) => {
  void pool.query('SELECT 1').then(({ rows }) => response.end(JSON.stringify(rows)));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();
work();
await ask(port, 1_000);
const monitoredPort = variant === 'without' ? port : await monitor();
await ask(monitoredPort, 1_000);
global.gc();
await new Promise((resolve) => setTimeout(resolve, 200));
global.gc();
process.stdout.write(String(process.memoryUsage.rss()));
process.exit();

async function monitor() {
  const health = await import('@nps/oracle-health');
  const checks = [
    health.postgresCheck({ connectionString }),
    health.diskCheck(),
    health.memoryCheck(),
    health.uptimeCheck(),
    health.eventLoopCheck(),
    health.httpCheck({ url: `http://127.0.0.1:${port}` }),
    health.tcpCheck({ host: '127.0.0.1', port }),
    health.aiApiCheck(),
  ];
  const watched = health.createHealth({ service: 'oracle', version: '1', intervalMs: 500, checks });
  return (await health.startSidecar({ health: watched, port: 0, thread: variant })).port;
}

/** A heap that was used once stays large: what a library adds to it is not the first growth. */
function work() {
  for (let round = 0; round < 200; round += 1) Array.from({ length: 20_000 }, (_, index) => ({ index }));
}

async function ask(at, times) {
  for (let i = 0; i < times; i += 1) {
    await new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port: at, path: '/health' }, (response) => response.resume().on('end', resolve)).on(
        'error',
        reject,
      );
    });
  }
}
