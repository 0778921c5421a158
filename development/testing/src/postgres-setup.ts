import { SERVER_VARIABLE, startPostgres } from './databases.js';

/** Where setup leaves the server for teardown: jest runs both in one process. */
export const SERVER_KEY = Symbol.for('nps.test-postgres');

/** jest `globalSetup`: one PostgreSQL for the run, unless the variable already names a server. */
export default async function setUpPostgres(): Promise<void> {
  if (process.env[SERVER_VARIABLE]) return;
  const server = await startPostgres();
  process.env[SERVER_VARIABLE] = server.connectionString();
  Object.assign(globalThis, { [SERVER_KEY]: server });
}
