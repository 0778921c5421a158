import { join } from 'node:path';
import type { ChildSpec } from './child.js';
import type { LauncherConfig } from './config.js';

/** What is known only once earlier parts run. */
export interface Addresses {
  readonly databaseUrl: string;
  readonly oracleSidecarUrl?: string;
  readonly oracleApiUrl?: string;
  readonly oracleGrpcAddress?: string;
  readonly alerterUrl?: string;
  readonly dashboardUrl?: string;
}

export function referenceOracle(config: LauncherConfig, known: Addresses): ChildSpec {
  return app(config, 'reference-oracle', 'dist/main.js', {
    DATABASE_URL: known.databaseUrl,
    ORACLE_HOST: '127.0.0.1',
    ORACLE_API_PORT: String(config.ports.oracleApi),
    ORACLE_HTTP_PORT: String(config.ports.oracleSidecar),
    ORACLE_GRPC_PORT: String(config.ports.oracleGrpc),
    ORACLE_FAULTS: 'on',
  });
}

export function loadGenerator(config: LauncherConfig, known: Addresses): ChildSpec {
  return {
    ...app(config, 'reference-oracle', 'dist/load.js', {
      ORACLE_API_URL: known.oracleApiUrl,
      ORACLE_GRPC_ADDRESS: known.oracleGrpcAddress,
      LOAD_PER_MINUTE: String(config.loadPerMinute),
    }),
    name: 'load',
    announces: false,
  };
}

/** As in the alerter's own `npm start` and its image: Node fixes this before the first line of a program runs. */
const ALERTER_OPTIONS = ['--max-semi-space-size=8'];

export function alerter(config: LauncherConfig, known: Addresses): ChildSpec {
  const spec = app(config, 'alerter', 'dist/main.js', {
    ...watched(config, known),
    DATABASE_URL: known.databaseUrl,
    ALERTER_HOST: '127.0.0.1',
    ALERTER_PORT: String(config.ports.alerter),
    DASHBOARD_URL: known.dashboardUrl,
  });
  return { ...spec, nodeOptions: ALERTER_OPTIONS };
}

export function dashboard(config: LauncherConfig, known: Addresses): ChildSpec {
  return app(config, 'dashboard', 'dist/main.js', {
    ...watched(config, known),
    DATABASE_URL: known.databaseUrl,
    DASHBOARD_PORT: String(config.ports.dashboard),
    ALERTER_URL: known.alerterUrl,
  });
}

/** What alerter and dashboard look at: the user's file, or one Oracle. */
function watched(config: LauncherConfig, known: Addresses): NodeJS.ProcessEnv {
  if (config.watch.kind === 'file') return { NPS_CONFIG: config.watch.path };
  return { ORACLE_HTTP_URL: config.watch.kind === 'oracle' ? config.watch.url : known.oracleSidecarUrl };
}

function app(config: LauncherConfig, name: string, script: string, variables: NodeJS.ProcessEnv): ChildSpec {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
  const logs = config.environment['LOG_DIR'] ?? join(config.dataDirectory, 'logs');
  return {
    name,
    directory: join(config.root, 'apps', name),
    script,
    announces: true,
    environment: { ...config.environment, LOG_DIR: logs, ...set },
  };
}
