import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';
import winston from 'winston';
import DailyRotateFile from 'winston-daily-rotate-file';
import Transport from 'winston-transport';
import { recordsOf, temporaryFolder } from './log-file.js';

class MemoryTransport extends Transport {
  readonly infos: Record<string, unknown>[] = [];

  override log(info: Record<string, unknown>, done: () => void): void {
    this.infos.push(info);
    done();
  }
}

describe('winston transports of the caller', () => {
  it('get redacted copies, with context and fields of the logger', async () => {
    const transport = new MemoryTransport();
    const value = { password: 'hunter22', when: new Date(0) };
    const records = await recordsOf((logger) => {
      logger.add(transport);
      logger.child({ part: 'x' }).info('token=abc123secret', { value });
      expect(logger.transports).toEqual([transport]);
      value.password = 'changed after the call';
    });
    expect(transport.infos).toMatchObject([
      {
        level: 'INFO',
        service: 'oracle',
        message: 'token=[REDACTED]',
        part: 'x',
        value: { password: '[REDACTED]', when: '1970-01-01T00:00:00.000Z' },
      },
    ]);
    expect(records).toHaveLength(1);
  });

  it('from npm work: File, Stream and Http of winston, and winston-daily-rotate-file', async () => {
    const folder = temporaryFolder();
    const posted: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => posted.push(chunk.toString())).on('end', () => response.end('{}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const stream = new PassThrough();
    const streamed: string[] = [];
    stream.on('data', (chunk: Buffer) => streamed.push(chunk.toString()));
    const daily = new DailyRotateFile({ dirname: folder.path, filename: 'daily-%DATE%.log' });
    await recordsOf(async (logger) => {
      logger.add(new winston.transports.File({ filename: join(folder.path, 'file.log') }));
      logger.add(new winston.transports.Stream({ stream }));
      logger.add(new winston.transports.Http({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }));
      logger.add(daily);
      logger.info('everywhere', { api_key: 'secret-value-1' });
      await waitFor(() => posted.length > 0);
    });
    const today = new Date();
    const day = [today.getFullYear(), today.getMonth() + 1, today.getDate()]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
    const file = readFileSync(join(folder.path, 'file.log'), 'utf8');
    const dailyFile = readFileSync(join(folder.path, `daily-${day}.log`), 'utf8');
    for (const text of [file, dailyFile, streamed.join(''), posted.join('')]) {
      expect(text).toContain('everywhere');
      expect(text).toContain('[REDACTED]');
      expect(text).not.toContain('secret-value-1');
    }
    server.close();
    server.closeAllConnections();
    folder.remove();
  });

  it('may want chattier levels than the files, and graver ones', async () => {
    const chatty = new MemoryTransport({ level: 'debug' });
    const grave = new MemoryTransport({ level: 'error' });
    const records = await recordsOf(
      (logger) => {
        logger.add(chatty).add(grave);
        logger.debug('d').info('i').error('e');
        logger.remove(chatty);
        logger.debug('nobody wants this');
      },
      { level: 'INFO' },
    );
    expect(chatty.infos.map(({ message }) => message)).toEqual(['d', 'i', 'e']);
    expect(grave.infos.map(({ message }) => message)).toEqual(['e']);
    expect(records.map(({ message }) => message)).toEqual(['i', 'e']);
  });

  it('that stall or throw cost neither the caller nor the files a line', async () => {
    const stalled = new MemoryTransport();
    stalled.log = () => undefined;
    const broken = new MemoryTransport();
    broken.log = () => {
      throw new Error('broken transport');
    };
    const records = await recordsOf(async (logger) => {
      logger.add(stalled);
      for (let n = 0; n < 12_000; n++) logger.info(`line ${n}`);
      expect(logger.stats().dropped).toBeGreaterThan(1_000);
      logger.remove(stalled);
      logger.add(broken);
      logger.info('last');
      await waitFor(() => true);
    });
    expect(records.filter(({ level }) => level === 'INFO')).toHaveLength(12_001);
  });

  it('that fail are reported in the files', async () => {
    const transport = new MemoryTransport();
    const records = await recordsOf((logger) => {
      logger.add(transport);
      transport.emit('error', new TypeError('no connection'));
    });
    expect(records).toMatchObject([
      { level: 'WARN', message: 'A log transport failed: no connection', error_type: 'TypeError' },
    ]);
  });
});

describe('winston formats of the caller', () => {
  it('shape the files and the transports, and may drop a record', async () => {
    const transport = new MemoryTransport();
    const records = await recordsOf(
      (logger) => {
        logger.info('a', { n: 1 });
        logger.info('skip me');
      },
      {
        transports: [transport],
        format: winston.format.combine(
          winston.format((info) => (info.message === 'skip me' ? false : { ...info, added: 'password=abc1234' }))(),
          winston.format.colorize(),
          winston.format.json(),
        ),
      },
    );
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ level: 'INFO', message: 'a', n: 1, added: 'password=[REDACTED]' });
    expect(transport.infos).toHaveLength(1);
    expect(String(transport.infos[0]?.['level'])).toContain('INFO');
  });

  it('that throw do not cost the line', async () => {
    const records = await recordsOf((logger) => {
      logger.format = winston.format(() => {
        throw new Error('bad format');
      })();
      logger.info('kept');
    });
    expect(records).toMatchObject([{ message: 'kept' }]);
  });
});

describe('the stream of a logger', () => {
  it('takes what is piped into it, profiles, timers and texts', async () => {
    const records = await recordsOf((logger) => {
      const source = new PassThrough({ objectMode: true });
      source.pipe(logger);
      source.write({ level: 'warn', message: 'piped' });
      logger.profile('job');
      logger.profile('job');
      logger.startTimer().done({ message: 'timed' });
      (logger as unknown as Writable).write('access log line\n');
      (logger as unknown as Writable).write(Buffer.from('bytes'), () => logger.info('written'));
    });
    expect(records.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['piped', 'job', 'timed', 'access log line', 'bytes', 'written']),
    );
  });

  it('says finish after end, with every line on disk', async () => {
    const records = await recordsOf(async (logger) => {
      logger.info('before the end');
      const finished = new Promise((resolve) => logger.once('finish', resolve));
      logger.end();
      await finished;
    });
    expect(records).toHaveLength(1);
  });
});
