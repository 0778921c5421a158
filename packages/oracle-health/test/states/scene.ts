import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

import type { Check, CheckStatus, ErrorClass } from '../../src/index.js';
import { startHttpPeer } from '../peers/http-peer.js';
import { startTcpPeer } from '../peers/tcp-peer.js';

// What must never be read in a public answer; the dependencies are addressed with these.
export const user = 'visible_user';
export const password = ['hunter', 'two', 'hunter'].join('-');
export const path = '/private/path';

/** A check whose dependency is in some state. */
export interface Scene {
  readonly check: Check;
  readonly stop: () => unknown;
}

/** A status, and a class where there is one. */
export type Expectation = `${CheckStatus}${'' | ` ${ErrorClass}`}`;

/** One line of the table. */
export type Row = readonly [dependency: string, state: string, expected: Expectation, build: () => Promise<Scene>];

export const limits = { timeoutMs: 400 } as const;

export const none = (check: Check): Promise<Scene> => Promise.resolve({ check, stop: () => undefined });

export async function onTcp(onSocket: (socket: Socket) => void, build: (port: number) => Check): Promise<Scene> {
  const peer = await startTcpPeer(onSocket);
  return { check: build(peer.port), stop: peer.stop };
}

export async function onHttp(listener: RequestListener, build: (url: string) => Check): Promise<Scene> {
  const peer = await startHttpPeer(listener);
  return { check: build(peer.url), stop: peer.stop };
}

/** Answers every request alike. */
export const status = (code: number, body: string | Buffer = '', headers = {}): RequestListener => {
  return (_request, response) => response.writeHead(code, headers).end(body);
};
