import { createLogger } from '@nps/oracle-logger';
import { messageOf } from './errors.js';
import { createSender } from './load/clients.js';
import { readEnvironment, readLoadConfig } from './load/config.js';
import { createPlan } from './load/plan.js';
import { runLoad } from './load/run-load.js';

/** Requests under way get this long after a stop began. */
const FINISH_MS = 5000;

async function main(): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  const config = readLoadConfig(readEnvironment());
  if (config.durationMs > 0) setTimeout(() => stopping.abort(), config.durationMs).unref();
  const logger = createLogger({
    service: 'oracle-load',
    directory: false,
    ...(config.logLevel === null ? {} : { level: config.logLevel }),
  });
  const sender = createSender(config);
  stopping.signal.addEventListener('abort', () => setTimeout(() => process.exit(0), FINISH_MS).unref());
  const { seed, perMinute, apiUrl, grpcAddress } = config;
  // Not "seed": the logger would take it for a wallet's and hide it.
  logger.info('load begins', { plan_number: seed, per_minute: perMinute, api_url: apiUrl, grpc_address: grpcAddress });
  const counts = await runLoad({ plan: createPlan(seed, perMinute), sender, logger, signal: stopping.signal });
  sender.close();
  logger.info('load ends', { ...counts });
  await logger.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
