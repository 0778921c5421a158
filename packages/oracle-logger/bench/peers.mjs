// The loggers this package is measured against; each writes to real files in a folder of its own.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '@nps/oracle-logger';
import pino from 'pino';
import winston from 'winston';
import DailyRotateFile from 'winston-daily-rotate-file';

/** Text that the redaction of equal power searches for in every value. */
const secretShapes =
  /sk-[\w-]{20,}|gh[a-z]_\w{30,}|AKIA[A-Z\d]{16}|xox[a-z]-[\w-]{10,}|eyJ[\w-]+\.[\w-]+\.[\w-]+|(:\/\/[^\s:@/]*:)[^\s@/]+(?=@)/g;
const secretKeys = /pass|secret|token|key|auth|cookie/i;

function redactValue(value) {
  if (typeof value === 'string') return value.replace(secretShapes, '[REDACTED]');
  if (typeof value !== 'object' || value === null) return value;
  const copy = {};
  for (const key of Object.keys(value)) copy[key] = secretKeys.test(key) ? '[REDACTED]' : redactValue(value[key]);
  return copy;
}

const once = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve));

function pinoOver(destination, options = {}) {
  const logger = pino(
    { base: { service: 'oracle' }, timestamp: pino.stdTimeFunctions.isoTime, ...options },
    destination,
  );
  return {
    log: (message, fields) => logger.info(fields, message),
    debug: (message) => logger.debug(message),
    close: async () => {
      const closed = once(destination, 'close');
      destination.end();
      await closed;
    },
  };
}

function winstonOver(transport, format = winston.format.json()) {
  const logger = winston.createLogger({
    format: winston.format.combine(winston.format.timestamp(), format),
    transports: [transport],
  });
  // In a burst winston's own streams say "write after end"; unheard, that would end the bench.
  logger.on('error', () => undefined);
  transport.on('error', () => undefined);
  return {
    log: (message, fields) => logger.info(message, fields),
    debug: (message) => logger.debug(message),
    close: async () => {
      const finished = once(transport, 'finish');
      logger.end();
      await Promise.race([finished, delay(10_000, undefined, { ref: false })]);
    },
  };
}

/** name → (folder) => { log(message, fields), debug(message), close() } */
export const candidates = {
  ours: (directory) => {
    const logger = createLogger({ service: 'oracle', directory, console: false });
    return {
      log: (message, fields) => logger.info(message, fields),
      debug: (message) => logger.debug(message),
      close: () => logger.close(),
      stats: () => logger.stats(),
    };
  },
  'pino sync': (directory) => pinoOver(pino.destination({ dest: join(directory, 'a.log'), sync: true })),
  'pino async': (directory) =>
    pinoOver(pino.destination({ dest: join(directory, 'a.log'), sync: false, minLength: 4096 })),
  'pino redact': (directory) =>
    pinoOver(pino.destination({ dest: join(directory, 'a.log'), sync: true }), {
      redact: ['password', 'api_key', 'token', 'request.password', 'request.api_key'],
    }),
  'pino redact of equal power': (directory) =>
    pinoOver(pino.destination({ dest: join(directory, 'a.log'), sync: true }), { formatters: { log: redactValue } }),
  'pino-roll': async (directory) => {
    const { default: roll } = await import('pino-roll');
    return pinoOver(await roll({ file: join(directory, 'a.log'), size: '10m', limit: { count: 5 } }));
  },
  'winston File': (directory) =>
    winstonOver(
      new winston.transports.File({
        filename: join(directory, 'a.log'),
        maxsize: 10_000_000,
        maxFiles: 5,
        tailable: true,
      }),
    ),
  'winston daily-rotate': (directory) =>
    winstonOver(
      new DailyRotateFile({ dirname: directory, filename: 'a-%DATE%.log', maxSize: 10_000_000, maxFiles: 6 }),
    ),
  'hand limit': (directory) => {
    const fd = openSync(join(directory, 'a.log'), 'a');
    let text = '';
    return {
      log: (message, { user_id, action, duration_ms, request }) => {
        text += `{"timestamp":"${new Date().toISOString()}","level":"INFO","message":"${message}","user_id":"${user_id}","action":"${action}","duration_ms":${duration_ms}`;
        text += request === undefined ? '}\n' : `,"request":${JSON.stringify(request)}}\n`;
        if (text.length > 65_536) {
          writeSync(fd, text);
          text = '';
        }
      },
      debug: () => undefined,
      close: async () => {
        writeSync(fd, text);
        closeSync(fd);
      },
    };
  },
};
