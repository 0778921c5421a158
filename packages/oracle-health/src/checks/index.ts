import { aiApiCheck } from './ai-api.js';
import { diskCheck } from './disk.js';
import { eventLoopCheck } from './event-loop.js';
import { grpcCheck } from './grpc.js';
import { httpCheck } from './http.js';
import { memoryCheck } from './memory.js';
import { postgresCheck } from './postgres.js';
import { redisCheck } from './redis.js';
import { tcpCheck } from './tcp.js';
import { telegramCheck } from './telegram.js';
import { tlsCertificateCheck } from './tls-certificate.js';
import { uptimeCheck } from './uptime.js';

/** Every check this package brings: the README's table and the tests derive from it. */
export const builtInChecks = [
  postgresCheck,
  aiApiCheck,
  redisCheck,
  diskCheck,
  memoryCheck,
  uptimeCheck,
  eventLoopCheck,
  httpCheck,
  tcpCheck,
  grpcCheck,
  telegramCheck,
  tlsCertificateCheck,
] as const;
