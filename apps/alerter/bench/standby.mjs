// Two real PostgreSQL servers, of which one follows the other, behind one address that can be switched from one to the
// other, as a virtual IP or a proxy of a failover manager does.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@nps/testing';
import pg from 'pg';
import { until } from './world.mjs';

/** A TCP address whose server can be exchanged; connections to the former one end. */
async function startServiceAddress(toPort) {
  let port = toPort;
  const sockets = new Set();
  const server = createServer((inner) => {
    const outer = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ]) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: server.address().port,
    switchTo: (nextPort) => {
      port = nextPort;
      cut();
    },
    stop: () => {
      cut();
      server.close();
    },
  };
}

async function run(connectionString, ...statements) {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  let rows = [];
  for (const statement of statements) ({ rows } = await client.query(statement));
  await client.end();
  return rows;
}

/**
 * A primary and its standby.
 * @param replication `synchronous`: a commit waits until the standby has it; `asynchronous`: it does not
 */
export async function startPair(replication) {
  let primary = await startPostgres();
  const { directory, port } = primary;
  const copy = mkdtempSync(join(tmpdir(), 'bench-standby-'));
  await primary.stop('fast');
  // A stopped primary's folder is a base backup; `-a` keeps the owner, who is not root.
  execFileSync('cp', ['-a', `${directory}/.`, copy]);
  primary = await startPostgres(directory, port);
  const { username, password } = new URL(primary.connectionString());
  const source = `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=standby`;
  appendFileSync(join(copy, 'cluster', 'postgresql.auto.conf'), `primary_conninfo = '${source}'\n`);
  writeFileSync(join(copy, 'cluster', 'standby.signal'), '');
  const standby = await startPostgres(copy);
  const streams = () => run(primary.connectionString(), 'SELECT FROM pg_stat_replication WHERE state = $$streaming$$');
  if (!(await until(async () => (await streams()).length === 1, 20_000)))
    throw new Error('the standby does not follow');
  if (replication === 'synchronous')
    await run(
      primary.connectionString(),
      `ALTER SYSTEM SET synchronous_standby_names = 'standby'`,
      'SELECT pg_reload_conf()',
    );
  const address = await startServiceAddress(port);
  const service = new URL(primary.connectionString());
  service.port = String(address.port);
  return {
    connectionString: service.href,
    /** The standby gets nothing any more: what is committed from here on is lost with the primary. */
    stopFollowing: async () => {
      await run(standby.connectionString(), `ALTER SYSTEM SET primary_conninfo = ''`, 'SELECT pg_reload_conf()');
      const isAlone = async () =>
        (await run(standby.connectionString(), 'SELECT FROM pg_stat_wal_receiver')).length === 0;
      if (!(await until(isAlone, 10_000))) throw new Error('the standby still follows');
    },
    /** kill -9 of the primary. */
    killPrimary: () => process.kill(primary.pid, 'SIGKILL'),
    /** What a failover manager does once it has noticed. */
    failOver: async () => {
      await run(standby.connectionString(), 'SELECT pg_promote()');
      address.switchTo(standby.port);
    },
    query: (sql) => run(service.href, sql),
    remove: async () => {
      address.stop();
      await Promise.all([primary.remove(), standby.remove()]);
    },
  };
}
