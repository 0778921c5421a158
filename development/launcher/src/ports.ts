import { createServer } from 'node:net';
import { LauncherError } from './errors.js';

/** Finds out before anything is started, so that nothing has to be undone. @throws LauncherError `PORT_IN_USE` */
export async function requireFreePort(port: number, variable: string, owner: string): Promise<void> {
  if (port === 0) return; // any free one
  const server = createServer();
  try {
    await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${code})`;
    throw new LauncherError(
      'PORT_IN_USE',
      `Port ${port}, wanted by ${owner}, ${reason}: stop that program or start with ${variable}=<another port>.`,
      { cause },
    );
  } finally {
    server.close();
  }
}
