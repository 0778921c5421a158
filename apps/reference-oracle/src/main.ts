import { setLogger } from '@grpc/grpc-js';
import { createLogger } from '@nps/oracle-logger';
import { type OracleConfig, readConfig, readEnvironment } from './config.js';
import { messageOf } from './errors.js';
import { createOracle } from './oracle.js';

/** A stop that hangs ends here; docker and systemd would kill a little later. */
const STOP_LIMIT_MS = 9500;

async function main(): Promise<void> {
  // Before anything is awaited: PID 1 of a container has no default for SIGTERM.
  const signalled = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  const config = readConfig(readEnvironment());
  const logger = createLogger(loggerOptions(config));
  // What gRPC itself has to say belongs into the log and not onto stderr.
  const tell = (text: unknown) => void logger.warn(`gRPC: ${String(text)}`);
  setLogger({ error: tell, info: tell, debug: tell });
  const oracle = createOracle(config, { logger });
  const ports = await oracle.start();
  logger.info('listening', {
    host: config.host,
    grpc_port: ports.grpc,
    api_port: ports.api,
    sidecar_port: ports.sidecar,
    ai: config.ai === null ? 'off' : config.ai.model,
    faults: config.faults,
  });
  const signal = await signalled;
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  logger.info('stopping', { signal });
  await oracle.stop();
  logger.info('stopped');
  await logger.close();
}

function loggerOptions({ logDirectory, logLevel }: OracleConfig) {
  return { service: 'oracle', level: logLevel, ...(logDirectory === null ? {} : { directory: logDirectory }) };
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
