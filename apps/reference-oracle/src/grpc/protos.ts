import { fileURLToPath } from 'node:url';
import { loadPackageDefinition, type ServiceClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** Fully qualified names of the two services. */
export const ORACLE_SERVICE = 'nps.oracle.v1.Oracle';
export const HEALTH_SERVICE = 'grpc.health.v1.Health';

/** What the proto files define, ready for servers and clients. */
export interface Protos {
  readonly oracle: ServiceDefinition;
  readonly health: ServiceDefinition;
  readonly OracleClient: ServiceClientConstructor;
  readonly HealthClient: ServiceClientConstructor;
}

/** Reads `proto/` of this app; field names stay snake_case, so that a message equals its JSON. */
export function loadProtos(): Protos {
  const folder = fileURLToPath(new URL('../../proto/', import.meta.url));
  const definition = loadSync([`${folder}oracle.proto`, `${folder}health.proto`], {
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: false,
  });
  const root = loadPackageDefinition(definition);
  return {
    oracle: definition[ORACLE_SERVICE] as ServiceDefinition,
    health: definition[HEALTH_SERVICE] as ServiceDefinition,
    OracleClient: find(root, ORACLE_SERVICE),
    HealthClient: find(root, HEALTH_SERVICE),
  };
}

function find(root: object, name: string): ServiceClientConstructor {
  const found = name
    .split('.')
    .reduce<unknown>((node, part) => (node as Readonly<Record<string, unknown>> | undefined)?.[part], root);
  return found as ServiceClientConstructor;
}
