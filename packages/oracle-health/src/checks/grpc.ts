import { type Check, defineCheck } from '../check.js';
import { grpcHealthCall, parseGrpcAddress } from '../connection/grpc-health-call.js';
import { checkSettings, contextFor, type NetworkSettings } from './settings.js';

/** Settings of {@link grpcCheck}. */
export interface GrpcCheckOptions extends NetworkSettings {
  /** `host:port`, or `grpcs://host:port` for TLS. */
  readonly address: string;
  /** Name of the gRPC service. Default: the server as a whole. */
  readonly service?: string;
}

/** A gRPC server says SERVING through grpc.health.v1. Called `grpc`; critical. */
export function grpcCheck(options: GrpcCheckOptions): Check {
  const { address, service = '' } = options;
  parseGrpcAddress(address);
  const contextOf = contextFor(options);
  return defineCheck({
    ...checkSettings(options, { name: 'grpc' }),
    async run(signal) {
      const status = await grpcHealthCall({ address, service }, contextOf(signal));
      if (status === 'SERVING') return { status: 'ok' };
      return { status: 'error', error: 'NOT_SERVING', detail: `The server says ${status}` };
    },
  });
}
