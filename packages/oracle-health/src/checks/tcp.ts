import { type Check, defineCheck } from '../check.js';
import { openTcp } from '../connection/socket.js';
import { checkSettings, contextFor, expectEndpoint, type NetworkSettings } from './settings.js';

/** Settings of {@link tcpCheck}. */
export interface TcpCheckOptions extends NetworkSettings {
  readonly host: string;
  readonly port: number;
}

/** A TCP port takes a connection. Called `tcp`; critical. */
export function tcpCheck(options: TcpCheckOptions): Check {
  const { host, port } = options;
  expectEndpoint('tcpCheck', options);
  const contextOf = contextFor(options);
  return defineCheck({
    ...checkSettings(options, { name: 'tcp' }),
    async run(signal) {
      const socket = await openTcp({ host, port }, contextOf(signal));
      socket.destroy();
    },
  });
}
