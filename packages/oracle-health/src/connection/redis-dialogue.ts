import type { Socket } from 'node:net';

import type { ErrorClass } from '../contract/index.js';
import { HealthError } from '../errors.js';
import { type ConnectionContext, openTcp, openTls } from './socket.js';

/** What a Redis server said of itself. */
export interface RedisAnswer {
  /** From `ROLE`, when it was asked for. */
  readonly role?: 'master' | 'slave' | 'sentinel';
}

/** How to talk to a Redis server. */
export interface RedisQuestion {
  /** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS. */
  readonly url: string;
  /** Ask for its role too; an ACL may forbid that. */
  readonly askRole?: boolean;
}

// Error prefixes of the Redis protocol, https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
const classByWord: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['NOAUTH', 'AUTH'],
  ['WRONGPASS', 'AUTH'],
  ['NOPERM', 'AUTH'],
  ['DENIED', 'AUTH'],
  ['LOADING', 'LOADING'],
  ['MASTERDOWN', 'NOT_SERVING'],
  ['CLUSTERDOWN', 'NOT_SERVING'],
  ['BUSY', 'BLOCKED'],
  ['MISCONF', 'READ_ONLY'],
  ['READONLY', 'READ_ONLY'],
  ['OOM', 'EXHAUSTED'],
]);

// What a plain ERR means: a password for a server without one, a database that is not there.
const classByCommand: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ['AUTH', 'AUTH'],
  ['SELECT', 'NOT_FOUND'],
]);

// Longer than any answer to AUTH, SELECT, PING and ROLE of a server with many replicas.
const maxAnswerBytes = 64 * 1024;

/**
 * Connects, signs in, and asks `PING`.
 * @throws HealthError whose `code` is the class of what is wrong
 */
export async function redisDialogue(question: RedisQuestion, context: ConnectionContext): Promise<RedisAnswer> {
  const url = parseRedisUrl(question.url);
  const endpoint = { host: url.hostname, port: Number(url.port || 6379) };
  const socket = await (url.protocol === 'rediss:' ? openTls : openTcp)(endpoint, context);
  try {
    return await converse(socket, commandsFor(url, question.askRole ?? false));
  } finally {
    socket.destroy();
  }
}

function parseRedisUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'redis:' || url.protocol === 'rediss:') && url.hostname !== '') return url;
  throw new HealthError('INVALID_OPTION', 'Expected a url of the form redis://[user:password@]host[:port][/database]');
}

function commandsFor(url: URL, askRole: boolean): string[][] {
  const commands: string[][] = [];
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  if (password !== '') commands.push(user === '' ? ['AUTH', password] : ['AUTH', user, password]);
  const database = url.pathname.slice(1);
  if (/^\d+$/.test(database) && database !== '0') commands.push(['SELECT', database]);
  commands.push(['PING']);
  if (askRole) commands.push(['ROLE']);
  return commands;
}

async function converse(socket: Socket, commands: readonly string[][]): Promise<RedisAnswer> {
  const read = createReader(socket);
  let role: RedisAnswer['role'];
  for (const command of commands) {
    socket.write(encode(command));
    const line = await read();
    if (line.startsWith('-')) throw refusal(command[0] ?? '', line.slice(1));
    if (command[0] === 'PING' && !/^\+PONG$/i.test(line)) throw new HealthError('MALFORMED', 'Expected +PONG to PING');
    if (command[0] === 'ROLE') role = await readRole(line, read);
  }
  return role === undefined ? {} : { role };
}

// RESP: an array of bulk strings.
function encode(command: readonly string[]): string {
  const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${command.length}\r\n${words.join('')}`;
}

async function readRole(line: string, read: () => Promise<string>): Promise<NonNullable<RedisAnswer['role']>> {
  const isArray = /^\*[1-9]/.test(line);
  const word = isArray && (await read()).startsWith('$') ? await read() : '';
  if (word === 'master' || word === 'slave' || word === 'sentinel') return word;
  throw new HealthError('MALFORMED', 'Expected master, slave or sentinel from ROLE');
}

function refusal(command: string, line: string): HealthError {
  const [word = ''] = line.split(' ');
  if (/max number of clients/i.test(line)) return new HealthError('EXHAUSTED', 'Redis has no free connection');
  const known = classByWord.get(word) ?? classByCommand.get(command) ?? 'UNKNOWN';
  return new HealthError(known, `Redis refused ${command}: ${/^[A-Z]+$/.test(word) ? word : 'ERR'}`);
}

function createReader(socket: Socket): () => Promise<string> {
  const chunks = socket.setEncoding('latin1')[Symbol.asyncIterator]();
  let text = '';
  return async () => {
    for (;;) {
      const end = text.indexOf('\r\n');
      if (end !== -1) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        return line;
      }
      if (text.length > maxAnswerBytes)
        throw new HealthError('OVERSIZE', `Redis answered over ${maxAnswerBytes} bytes`);
      const next = await chunks.next();
      if (next.done) throw new HealthError('RESET', 'Redis closed the connection before it answered');
      text += next.value as string;
    }
  };
}
