import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedMessage {
  /** Milliseconds of `Date.now()` when the peer accepted it. */
  readonly at: number;
  readonly chatId: string;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the next requests are answered with instead of being accepted. */
export interface PeerFault {
  readonly status: number;
  readonly description: string;
  readonly retryAfterSeconds?: number;
  /** How many requests meet it; default 1. */
  readonly times?: number;
}

export interface TelegramPeer {
  /** What `TELEGRAM_API_URL` is set to. */
  readonly url: string;
  /** Accepted messages, oldest first. */
  readonly messages: readonly ReceivedMessage[];
  /** Methods called, e.g. `sendMessage`, accepted or not. */
  readonly calls: readonly string[];
  fail(fault: PeerFault): void;
  stop(): Promise<void>;
}

interface PeerState {
  readonly token: string;
  readonly messages: ReceivedMessage[];
  readonly calls: string[];
  readonly faults: PeerFault[];
}

/** Bodies above this are refused (bytes); Telegram's own limit for text is far below. */
const MAX_BODY_BYTES = 1_000_000;

/** A loopback HTTP server that speaks as much of Telegram's Bot API as a sender meets. `token` is the only one it knows. */
export async function startTelegramPeer({ token, port = 0 }: { token: string; port?: number }): Promise<TelegramPeer> {
  const state: PeerState = { token, messages: [], calls: [], faults: [] };
  const server = createServer((req, res) => {
    answer(state, req).then(
      ([status, body]) => respond(res, status, body),
      (error: unknown) => respond(res, 500, { ok: false, error_code: 500, description: String(error) }),
    );
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages: state.messages,
    calls: state.calls,
    fail: (fault) => state.faults.push(...Array<PeerFault>(fault.times ?? 1).fill(fault)),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

type Answer = [status: number, body: Record<string, unknown>];

async function answer(state: PeerState, req: IncomingMessage): Promise<Answer> {
  const body = await readJson(req);
  const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(req.url ?? '') ?? [];
  state.calls.push(method);
  const fault = state.faults.shift();
  if (fault) return refuse(fault.status, fault.description, fault.retryAfterSeconds);
  if (token !== state.token) return refuse(401, 'Unauthorized');
  if (method === 'getMe') return [200, { ok: true, result: { id: 1, is_bot: true, username: 'nps_test_bot' } }];
  if (method !== 'sendMessage') return refuse(404, 'Not Found: method not found');
  const { text, chat_id: chatId } = body;
  if (typeof text !== 'string' || text === '') return refuse(400, 'Bad Request: message text is empty');
  if (typeof chatId !== 'string' && typeof chatId !== 'number') return refuse(400, 'Bad Request: chat_id is empty');
  state.messages.push({ at: Date.now(), chatId: String(chatId), text, body });
  return [200, { ok: true, result: { message_id: state.messages.length, chat: { id: chatId }, text } }];
}

function refuse(status: number, description: string, retryAfterSeconds?: number): Answer {
  const parameters = retryAfterSeconds === undefined ? {} : { parameters: { retry_after: retryAfterSeconds } };
  return [status, { ok: false, error_code: status, description, ...parameters }];
}

async function readJson(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('body too large');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return {};
  if (req.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text));
  return JSON.parse(text) as Record<string, unknown>;
}

function respond(res: ServerResponse, status: number, body: Record<string, unknown>): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
