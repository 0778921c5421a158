import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request the peer got. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server shaped like the Messages API. */
export interface AiPeer {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  /** What `POST /v1/messages` answers from now on; `never` keeps the caller waiting. */
  answer(status: number | 'never', body?: unknown): void;
  stop(): Promise<void>;
}

/** A reply as the Messages API gives it. */
export function messageReply(text: string): unknown {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5-20251001',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 120, output_tokens: 40, cache_read_input_tokens: 10, cache_creation_input_tokens: 5 },
  };
}

/** Answers every message with "Walk on." until told otherwise. */
export async function startAiPeer(): Promise<AiPeer> {
  const received: ReceivedRequest[] = [];
  let status: number | 'never' = 200;
  let reply: unknown = messageReply('Walk on.');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      received.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      if (method === 'GET') response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[]}');
      else if (status !== 'never') {
        const text = typeof reply === 'string' ? reply : JSON.stringify(reply);
        response.writeHead(status, { 'content-type': 'application/json' }).end(text);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (next, body = messageReply('Walk on.')) => {
      status = next;
      reply = body;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
