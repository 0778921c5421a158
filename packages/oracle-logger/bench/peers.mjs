// The loggers this package is measured against; each writes to real files in a folder of its own.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '@nps/oracle-logger';
import pino from 'pino';
import winston from 'winston';
import DailyRotateFile from 'winston-daily-rotate-file';

/*
 * Redaction of equal power as a careful user of pino would write it: keys at any depth by a remembered judgement, and in
 * every text, the message included, what is secret by its form or by the key before it. Texts without any sign of a
 * secret are passed by one quick look. The bench checks first that it hides what ours hides.
 */
const secretKey =
  /pass(?:word|wd|phrase|code)?|secret|(?:api|access|private|secret|signing|encryption|master)[_-]?key|(?:auth|access|refresh|session|bot|id)[_-]?token|^token$|authorization|cookie|credential|connection[_-]?string/i;
const harmlessKey = /(?:count|used|type|name|id|at|length|policy)$/i;
const judged = new Map();
const isSecretKey = (key) => {
  let isSecret = judged.get(key);
  if (isSecret === undefined) {
    isSecret = secretKey.test(key) && !harmlessKey.test(key);
    if (judged.size < 2000) judged.set(key, isSecret);
  }
  return isSecret;
};
const sign = /[=:]|[\w+~-]{12}/;
const secretForm =
  /\b(?:sk-[\w-]{16,}|gh[pousr]_\w{30,}|github_pat_\w{40,}|glpat-[\w-]{20,}|(?:AKIA|ASIA)[A-Z\d]{16}|AIza[\w-]{35}|ya29\.[\w-]{20,}|xox[a-z]-[\w-]{10,}|(?:sk|rk)_live_\w{10,}|SG\.[\w-]{16,}\.[\w-]{16,}|npm_\w{36}|hf_\w{30,}|hv[sbr]\.[\w-]{20,}|\d{8,10}:[\w-]{35}|eyJ[\w-]{6,}\.[\w-]+\.[\w-]*|[5KL][1-9A-HJ-NP-Za-km-z]{50,51})\b|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const userInfo = /(:\/\/[^\s:@/]*:)[^\s@/]+(?=@)/g;
const bearer = /\b((?:bearer|basic)\s+)[\w.~+/=-]{12,}/gi;
const assignment = /([\w.-]{2,64})(["']?\s*[=:]\s*["']?)([^\s"',;&]{3,})/g;

function redactText(text) {
  if (!sign.test(text)) return text;
  return text
    .replace(secretForm, '[REDACTED]')
    .replace(userInfo, '$1[REDACTED]')
    .replace(bearer, '$1[REDACTED]')
    .replace(assignment, (whole, key, between) => (isSecretKey(key) ? `${key}${between}[REDACTED]` : whole));
}

function redactValue(value, depth = 0) {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null || depth > 8) return value;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if (value instanceof Error) {
    return { type: value.name, message: redactText(value.message), stack: redactText(value.stack ?? '') };
  }
  const copy = {};
  for (const key of Object.keys(value)) {
    copy[key] = isSecretKey(key) ? '[REDACTED]' : redactValue(value[key], depth + 1);
  }
  return copy;
}

const equalPower = {
  formatters: { log: (fields) => redactValue(fields) },
  hooks: {
    logMethod(args, method) {
      if (typeof args[1] === 'string') args[1] = redactText(args[1]);
      method.apply(this, args);
    },
  },
};

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
    pinoOver(pino.destination({ dest: join(directory, 'a.log'), sync: true }), equalPower),
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
  // Nothing but concatenation of known fields and writes of 64 KB: no logger can be faster.
  'hand limit': (directory) => {
    const fd = openSync(join(directory, 'a.log'), 'a');
    let text = '';
    let cachedAt = 0;
    let timestamp = '';
    return {
      log: (message, { user_id, action, duration_ms, request }) => {
        const now = Date.now();
        if (now !== cachedAt) {
          cachedAt = now;
          timestamp = new Date(now).toISOString();
        }
        text += `{"timestamp":"${timestamp}","level":"INFO","service":"oracle","message":"${message}","user_id":"${user_id}","action":"${action}","duration_ms":${duration_ms}`;
        text +=
          request === undefined
            ? '}\n'
            : `,"request":{"method":"${request.method}","path":"${request.path}","status":${request.status},"bytes":${request.bytes},"cached":${request.cached},"region":"${request.region}","attempt":${request.attempt},"queue":"${request.queue}","password":"[REDACTED]","api_key":"[REDACTED]"}}\n`;
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
