import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PeerRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface PeerAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

export interface HttpPeer {
  readonly url: string;
  readonly requests: PeerRequest[];
  /** What comes next: an answer, or silence. */
  next(...answers: (PeerAnswer | 'silence' | 'reset')[]): void;
  stop(): Promise<void>;
}

/** A real HTTP server that answers as it is told and remembers what it was asked. */
export async function startHttpPeer(usual: PeerAnswer): Promise<HttpPeer> {
  const requests: PeerRequest[] = [];
  const planned: (PeerAnswer | 'silence' | 'reset')[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8');
    req.on('data', (part: string) => {
      body += part;
    });
    req.on('end', () => {
      requests.push({ url: req.url ?? '', headers: req.headers, body });
      const answer = planned.shift() ?? usual;
      if (answer === 'silence') return;
      if (answer === 'reset') {
        req.socket.destroy();
        return;
      }
      res.writeHead(answer.status, answer.headers ?? {});
      res.end(answer.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    next: (...answers) => void planned.push(...answers),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
