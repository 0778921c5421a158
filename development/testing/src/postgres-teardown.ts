import { SERVER_KEY } from './postgres-setup.js';

/** jest `globalTeardown`: stops the server that `postgres-setup` started and removes its files. */
export default async function tearDownPostgres(): Promise<void> {
  const server = (globalThis as Record<symbol, { remove(): Promise<void> } | undefined>)[SERVER_KEY];
  await server?.remove();
}
