// One of what is compared, in a process of its own; prints its port. The others connect to the database for every
// request, as their users' checks do.
import { createServer } from 'node:http';
import terminus from '@godaddy/terminus';
import { createHealth, healthEndpoints, postgresCheck, startSidecar } from '@nps/oracle-health';
import pg from 'pg';

const [name, connectionString] = process.argv.slice(2);
const health = createHealth({ service: 'oracle', version: '1', checks: [postgresCheck({ connectionString })] });

const starts = {
  'bare node:http': () => listen(createServer((_request, response) => response.end('x'.repeat(500)))),
  'ours, in the process': () => {
    health.start();
    return listen(createServer(healthEndpoints(health)));
  },
  'ours, sidecar thread': async () => (await startSidecar({ health, port: 0 })).port,
  '@godaddy/terminus': () => {
    const server = createServer((_request, response) => response.end());
    terminus.createTerminus(server, { healthChecks: { '/health': connectAndSelect }, signals: [] });
    return listen(server);
  },
  'naive endpoint': () => {
    const answer = (response) =>
      connectAndSelect().then(
        () => response.end('{"status":"healthy"}'),
        () => response.writeHead(503).end('{"status":"down"}'),
      );
    return listen(createServer((_request, response) => void answer(response)));
  },
};

process.stdout.write(`${await starts[name]()}\n`);

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

async function connectAndSelect() {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}
