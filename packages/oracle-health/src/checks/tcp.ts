import { type Check, defineCheck, expectRange } from '../check.js';
import { openTcp } from '../connection/socket.js';
import { checkSettings, contextFor, type NetworkSettings } from './settings.js';

/** Settings of {@link tcpCheck}. */
export interface TcpCheckOptions extends NetworkSettings {
  readonly host: string;
  readonly port: number;
}

/** A TCP port takes a connection. Called `tcp`; critical. */
export function tcpCheck(options: TcpCheckOptions): Check {
  const { host, port } = options;
  expectRange('tcpCheck', 'port', port, 1, 65_535);
  const contextOf = contextFor(options);
  return defineCheck({
    ...checkSettings(options, { name: 'tcp' }),
    async run(signal) {
      const socket = await openTcp({ host, port }, contextOf(signal));
      socket.destroy();
    },
  });
}
