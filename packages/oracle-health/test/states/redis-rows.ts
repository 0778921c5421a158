import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Check, redisCheck } from '../../src/index.js';
import { createCertificate } from '../peers/certificate.js';
import { startRedis } from '../peers/redis-server.js';
import { closedPort, halfClose, hang, reply, trickle } from '../peers/tcp-peer.js';
import { limits, onTcp, password, type Row, type Scene, user } from './scene.js';

const redisAt = (port: number) => redisCheck({ url: `redis://${user}:${password}@127.0.0.1:${port}/3`, ...limits });

const redisAnswer = (text: string) => () => onTcp(reply(text), redisAt);

/** What servers say in states that are hard to bring a real one into. */
export const redisRows: readonly Row[] = [
  ['redis', 'loading', 'error LOADING', redisAnswer('-LOADING Redis is loading the dataset in memory\r\n')],
  ['redis', 'wrong password', 'error AUTH', redisAnswer(`-WRONGPASS invalid username-password pair ${user}\r\n`)],
  [
    'redis',
    'password wanted',
    'error AUTH',
    () =>
      onTcp(reply('-NOAUTH Authentication required.\r\n'), (port) =>
        redisCheck({ url: `redis://127.0.0.1:${port}`, ...limits }),
      ),
  ],
  ['redis', 'old server refuses the password', 'error AUTH', redisAnswer('-ERR invalid password\r\n')],
  ['redis', 'too many clients', 'error EXHAUSTED', redisAnswer('-ERR max number of clients reached\r\n')],
  ['redis', 'cluster without its slots', 'error NOT_SERVING', redisAnswer('-CLUSTERDOWN Hash slot not served\r\n')],
  ['redis', 'script running', 'error BLOCKED', redisAnswer('-BUSY Redis is busy running a script\r\n')],
  ['redis', 'cannot persist', 'error READ_ONLY', redisAnswer('-MISCONF Redis is configured to save RDB snapshots\r\n')],
  ['redis', 'replica without its master', 'error NOT_SERVING', redisAnswer('-MASTERDOWN Link with MASTER is down\r\n')],
  [
    'redis',
    'unknown refusal',
    'error UNKNOWN',
    () => onTcp(reply('-WHATEVER\r\n'), (port) => redisCheck({ url: `redis://127.0.0.1:${port}`, ...limits })),
  ],
  [
    'redis',
    'not a Redis',
    'error MALFORMED',
    () => onTcp(reply('220 smtp ready\r\n'), (port) => redisCheck({ url: `redis://127.0.0.1:${port}`, ...limits })),
  ],
  ['redis', 'endless line', 'error OVERSIZE', () => onTcp(reply('+'.repeat(100_000)), redisAt)],
  ['redis', 'closes its side at once', 'error RESET', () => onTcp(halfClose, redisAt)],
  ['redis', 'hangs', 'error TIMEOUT', () => onTcp(hang, redisAt)],
  ['redis', 'trickles', 'error TIMEOUT', () => onTcp(trickle('+'), redisAt)],
];

async function onRedis(settings: readonly string[], build: (url: string, port: number) => Check): Promise<Scene> {
  const server = await startRedis(settings);
  return { check: build(server.url, server.port), stop: server.stop };
}

/** A real Redis. */
export const realRedisRows: readonly Row[] = [
  ['redis (real)', 'answers', 'ok', () => onRedis([], (url) => redisCheck({ url: `${url}/2`, ...limits }))],
  [
    'redis (real)',
    'answers with a password',
    'ok',
    () =>
      onRedis(['--requirepass', password], (_, port) =>
        redisCheck({ url: `redis://:${password}@127.0.0.1:${port}`, ...limits }),
      ),
  ],
  [
    'redis (real)',
    'password wanted',
    'error AUTH',
    () => onRedis(['--requirepass', password], (url) => redisCheck({ url, ...limits })),
  ],
  ['redis (real)', 'wrong user', 'error AUTH', () => onRedis(['--requirepass', password], (_, port) => redisAt(port))],
  [
    'redis (real)',
    'a password for a server without one',
    'error AUTH',
    () => onRedis([], (_, port) => redisCheck({ url: `redis://:${password}@127.0.0.1:${port}`, ...limits })),
  ],
  [
    'redis (real)',
    'a database that is not there',
    'error NOT_FOUND',
    () => onRedis([], (url) => redisCheck({ url: `${url}/99`, ...limits })),
  ],
  [
    'redis (real)',
    'no free connection',
    'error EXHAUSTED',
    async () => {
      const server = await startRedis(['--maxclients', '1']);
      const holder = connect(server.port, '127.0.0.1');
      await once(holder, 'connect');
      holder.write('PING\r\n');
      await once(holder, 'data');
      const stop = () => (holder.destroy(), server.stop());
      return { check: redisCheck({ url: server.url, ...limits }), stop };
    },
  ],
  [
    'redis (real)',
    'a member of a cluster',
    'ok',
    () => onRedis(['--cluster-enabled', 'yes'], (url) => redisCheck({ url, ...limits })),
  ],
  [
    'redis (real)',
    'over TLS',
    'ok',
    async () => {
      const { key, cert } = createCertificate();
      const directory = mkdtempSync(join(tmpdir(), 'health-redis-tls-'));
      const files = { key: join(directory, 'key.pem'), cert: join(directory, 'cert.pem') };
      writeFileSync(files.key, key);
      writeFileSync(files.cert, cert);
      const port = await closedPort();
      const tls = ['--tls-port', String(port), '--tls-key-file', files.key, '--tls-cert-file', files.cert];
      const server = await startRedis([...tls, '--tls-ca-cert-file', files.cert, '--tls-auth-clients', 'no']);
      const stop = async () => {
        await server.stop();
        rmSync(directory, { recursive: true });
      };
      return { check: redisCheck({ url: `rediss://localhost:${port}`, tls: { ca: cert }, ...limits }), stop };
    },
  ],
  ['redis (real)', 'master', 'ok', () => onRedis([], (url) => redisCheck({ url, requireWritable: true, ...limits }))],
  [
    'redis (real)',
    'replica although it must be written',
    'error READ_ONLY',
    () => onRedis(['--replicaof', '127.0.0.1 1'], (url) => redisCheck({ url, requireWritable: true, ...limits })),
  ],
];
