import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

/** Connections that are used for several scrapes. */
export interface KeptConnections {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  /** Ends those that nobody uses. */
  close(): void;
}

/** Long enough to spare most scrapes a connection of their own, short enough to notice a target that takes no new ones. */
const MAX_AGE_MS = 15_000;

/** Keeps connections between the scrapes of one target, none for longer than 15 s. */
export function createKeptConnections(maxAgeMs: number = MAX_AGE_MS): KeptConnections {
  const born = new WeakMap<Duplex, number>();
  const options = { keepAlive: true, scheduling: 'lifo', timeout: maxAgeMs } as const;
  const [http, https] = [new HttpAgent(options), new HttpsAgent(options)];
  for (const agent of [http, https]) {
    // Documented to answer whether the socket is kept; its type does not say so.
    const keep: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent);
    agent.keepSocketAlive = (socket) => {
      const now = performance.now();
      const since = born.get(socket) ?? now;
      born.set(socket, since);
      return now - since < maxAgeMs && keep(socket) !== false;
    };
  }
  return {
    http,
    https,
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}
