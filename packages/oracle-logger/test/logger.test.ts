import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import winston from 'winston';
import { createLogger, logOperation, runWithContext, setupOracleLogger } from '../src/index.js';
import { linesOf, recordsOf, temporaryFolder } from './log-file.js';

describe('a logger', () => {
  it('is a winston.Logger', async () => {
    const logger = createLogger({ service: 'oracle', directory: false, console: false });
    expect(logger).toBeInstanceOf(winston.Logger);
    await logger.close();
  });

  it('writes one JSON object a line with the fields of the specification, in their order', async () => {
    const [line = ''] = await linesOf((logger) => {
      logger.info('Reading completed', {
        user_id: 'u1',
        action: 'reading',
        duration_ms: 12.5,
        extra: { a: [1, null] },
      });
    });
    expect(line).toMatch(
      /^\{"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","level":"INFO","service":"oracle","message":"Reading completed","logger":"oracle","user_id":"u1","action":"reading","duration_ms":12\.5,"extra":\{"a":\[1,null\]\}\}$/,
    );
  });

  it('has a method per level, and understands the words of other loggers', async () => {
    const records = await recordsOf((logger) => {
      logger.debug('1').info('2').warn('3').error('4').critical('5');
      logger.log('WARNING', '6');
      logger.log('fatal', '7');
      logger.log('no such level', '8');
      logger.verbose('9');
      logger.silly('10');
      logger.http('11');
      logger.notice('12');
      logger.warning('13');
      logger.crit('14');
      logger.alert('15');
      logger.emerg('16');
    });
    expect(records.map(({ level }) => level)).toEqual([
      'DEBUG',
      'INFO',
      'WARN',
      'ERROR',
      'CRITICAL',
      'WARN',
      'CRITICAL',
      'INFO',
      'DEBUG',
      'DEBUG',
      'INFO',
      'INFO',
      'WARN',
      'CRITICAL',
      'CRITICAL',
      'CRITICAL',
    ]);
  });

  it('reads every form of call that winston knows, and loses nothing', async () => {
    const records = await recordsOf((logger) => {
      logger.log({ level: 'warn', message: 'entry', a: 1 });
      logger.info({ message: 'object', b: 2 });
      logger.info({ only: 'fields' });
      logger.info('more', 1, 'two', { c: 3 }, [4]);
      logger.info('list', [1, 2]);
      logger.info(42);
      logger.info(undefined);
      logger.info('text', 'argument');
      logger.info('map', new Map([['k', 'v']]));
      logger.info(null);
      logger.info({ message: { nested: true } });
      logger.info(10n);
    });
    expect(records).toMatchObject([
      { level: 'WARN', message: 'entry', a: 1 },
      { message: 'object', b: 2 },
      { message: '', only: 'fields' },
      { message: 'more', c: 3, args: [1, 'two', 4] },
      { message: 'list', args: [1, 2] },
      { message: '42' },
      { message: '' },
      { message: 'text', args: ['argument'] },
      { message: 'map', k: 'v' },
      { message: 'null' },
      { message: '' },
      { message: '10' },
    ]);
  });

  it('writes errors with type, message, stack and cause wherever they stand', async () => {
    const error = new TypeError('outer', { cause: new RangeError('inner') });
    const shape = {
      type: 'TypeError',
      message: 'outer',
      stack: expect.stringContaining('TypeError: outer'),
      cause: { type: 'RangeError', message: 'inner' },
    };
    const records = await recordsOf((logger) => {
      logger.error(error);
      logger.error('failed', error);
      logger.error('failed', { err: error, user_id: 1 });
      logger.error('failed', { user_id: 1 }, error);
    });
    expect(records).toMatchObject([
      { message: 'outer', error: shape, error_type: 'TypeError' },
      { message: 'failed', error: shape, error_type: 'TypeError' },
      { message: 'failed', err: shape, user_id: 1 },
      { message: 'failed', error: shape, user_id: 1 },
    ]);
  });

  it('writes a message that comes again as it did the first time: redacted, escaped, one by one', async () => {
    const messages = ['plain', 'password=hunter22', 'a "quote"\n', 'x'.repeat(65)];
    const many = Array.from({ length: 1100 }, (_, n) => `message ${n}`);
    const records = await recordsOf((logger) => {
      for (let round = 0; round < 2; round++) for (const message of [...messages, ...many]) logger.info(message);
    });
    const expected = ['plain', 'password=[REDACTED]', 'a "quote"\n', 'x'.repeat(65), ...many];
    expect(records.map(({ message }) => message)).toEqual([...expected, ...expected]);
  });

  it('judges every value anew where the key, the type or a neighbour differs from the last ones', async () => {
    const word = 'opensesame1234';
    const records = await recordsOf((logger) => {
      for (let n = 0; n < 3; n++) logger.info('m', { first: 1, note: 'calm', sent: 1, flag: true, value: word });
      logger.info('m', { first: 1, note: `password=${word}`, sent: '1', flag: 'true', value: word });
      logger.info('m', { note: 'calm', sent: 1, first: 1, name: 'db_password', value: word });
      for (let n = 0; n < 3; n++) logger.info('m', { first: 1, password: word, zero: -0, not: Number.NaN });
      logger.info('m', { first: 1, in: { note: 'calm', sent: 1 }, note: 'calm', message: 'taken' });
    });
    const own = records.map(({ timestamp: _t, level: _l, service: _s, logger: _g, message: _m, ...rest }) => rest);
    const calm = { first: 1, note: 'calm', sent: 1, flag: true, value: word };
    const hidden = { first: 1, password: '[REDACTED]', zero: 0, not: 'NaN' };
    expect(own).toEqual([
      calm,
      calm,
      calm,
      { first: 1, note: 'password=[REDACTED]', sent: '1', flag: 'true', value: word },
      { note: 'calm', sent: 1, first: 1, name: 'db_password', value: '[REDACTED]' },
      hidden,
      hidden,
      hidden,
      { first: 1, in: { note: 'calm', sent: 1 }, note: 'calm', _message: 'taken' },
    ]);
  });

  it('keeps its own fields apart from fields of the same name', async () => {
    const lines = await linesOf((logger) => {
      logger.info('mine', { level: 'x', message: 'y', timestamp: 1, service: 'z', logger: 'l' });
    });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'INFO',
      message: 'mine',
      service: 'oracle',
      logger: 'oracle',
      _level: 'x',
      _message: 'y',
      _service: 'z',
      _logger: 'l',
    });
    expect(lines[0]?.match(/"level":/g)).toHaveLength(1);
  });

  it('gives children their fields, and lets later fields win over earlier ones, each name once', async () => {
    const lines = await linesOf((logger) => {
      const child = logger.child({ request_id: 'r1', part: 'a' }).child({ part: 'b', logger: 'oracle.reading' });
      child.info('child');
      child.info('own', { part: 'c' });
      runWithContext({ part: 'context', user_id: 7 }, () => child.info('in context'));
    });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { message: 'child', logger: 'oracle.reading', request_id: 'r1', part: 'b' },
      { message: 'own', part: 'c' },
      { message: 'in context', part: 'context', user_id: 7 },
    ]);
    for (const line of lines) expect(line.match(/"part":/g)).toHaveLength(1);
  });

  it('writes a message that comes again and again with the fields of whoever says it', async () => {
    const records = await recordsOf((logger) => {
      const [a, b] = [logger.child({ part: 'a' }), logger.child({ part: 'b', logger: 'oracle.b' })];
      for (const speaker of [logger, a, b, b, a, a, logger, logger]) {
        for (let n = 0; n < 3; n++) speaker.info('said');
        runWithContext({ part: 'context' }, () => speaker.info('said'));
        speaker.warn('said', { part: 'own' });
      }
    });
    const parts = [undefined, 'a', 'b', 'b', 'a', 'a', undefined, undefined];
    expect(records.map(({ level, logger, part }) => [level, logger, part])).toEqual(
      parts.flatMap((part) => {
        const logger = part === 'b' ? 'oracle.b' : 'oracle';
        const said = ['INFO', logger, part];
        return [said, said, said, ['INFO', logger, 'context'], ['WARN', logger, 'own']];
      }),
    );
  });

  it('carries the context of the request over awaits, inner fields over outer ones', async () => {
    const records = await recordsOf(async (logger) => {
      await runWithContext({ trace_id: 't1', user_id: 'u1' }, async () => {
        await new Promise(setImmediate);
        logger.info('one');
        await runWithContext({ user_id: 'u2' }, async () => {
          await new Promise(setImmediate);
          logger.info('two', { trace_id: 'mine' });
        });
      });
      logger.info('three');
    });
    expect(records).toMatchObject([
      { trace_id: 't1', user_id: 'u1' },
      { trace_id: 'mine', user_id: 'u2' },
      { message: 'three' },
    ]);
    expect(records[2]).not.toHaveProperty('trace_id');
  });

  it('changes its level while running, also for children, and ignores words that are no level', async () => {
    const records = await recordsOf(
      (logger) => {
        const child = logger.child({ c: 1 });
        child.debug('no');
        logger.level = 'DEBUG';
        child.debug('yes');
        expect([logger.level, logger.isLevelEnabled('debug'), logger.isLevelEnabled('x')]).toEqual([
          'debug',
          true,
          false,
        ]);
        logger.level = 'nonsense';
        expect(logger.level).toBe('debug');
        child.level = 'error';
        child.warn('no');
        logger.warn('root still says so');
        logger.silent = true;
        logger.error('no');
      },
      { level: 'INFO' },
    );
    expect(records.map(({ message }) => message)).toEqual(['yes', 'root still says so']);
  });

  it('writes errors to the file of errors as well, unless that is switched off', async () => {
    const use = (logger: ReturnType<typeof createLogger>) => {
      logger.info('a').error('b').critical('c');
    };
    const lines = await linesOf(use, {}, 'oracle_errors.log');
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(['b', 'c']);
    await expect(linesOf(use, { errorFile: false }, 'oracle_errors.log')).rejects.toThrow('ENOENT');
  });

  it('cuts what is too large, so that a line stays within 64 KB and within its file', async () => {
    const lines = await linesOf((logger) => {
      logger.info('m'.repeat(100_000), {
        text: 't'.repeat(100_000),
        list: Array.from({ length: 500 }, () => 'item'.repeat(100)),
      });
      logger.child({ big: 'c'.repeat(50_000) }).info('日'.repeat(100_000), { deep: '本'.repeat(60_000) });
    });
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThan(65_536);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: expect.stringMatching(/^m+… \[100000 characters\]$/) });
    const small = await linesOf((logger) => void logger.info('m'.repeat(5_000), { a: 'b'.repeat(5_000) }), {
      maxSizeBytes: 1_000,
    });
    expect(Buffer.byteLength(small[0] ?? '')).toBeLessThan(1_000);
  });

  it('hides a secret that straddles the place where its text is cut', async () => {
    const secret = `postgres://user:${'p4ssW0rd'.repeat(4)}@db/x`;
    const lines = await linesOf((logger) => {
      for (let before = 16_300; before < 17_500; before += 7) logger.info(`${'x '.repeat(before / 2)}${secret}`);
    });
    expect(lines.filter((line) => line.includes('p4ssW0rd'))).toEqual([]);
  });

  it('hides further keys and spares others as told', async () => {
    const [record] = await recordsOf(
      (logger) => void logger.info('own keys birth_place=Rome', { birthPlace: 'Rome', pin: 1234 }),
      {
        redact: { keys: ['birth-place'], keep: ['PIN'] },
      },
    );
    expect(record).toMatchObject({ birthPlace: '[REDACTED]', pin: 1234, message: 'own keys birth_place=[REDACTED]' });
  });

  it('writes warnings and above to alerts.log in the profile for alerts', async () => {
    const lines = await linesOf(
      (logger) => void logger.warn('w').error('e'),
      { profile: 'alerts', level: 'WARN' },
      'alerts.log',
    );
    expect(lines).toHaveLength(2);
  });

  it('carries the fields it was made with', async () => {
    const [record] = await recordsOf((logger) => void logger.info('x'), {
      fields: { region: 'eu' },
      name: 'oracle.main',
    });
    expect(record).toMatchObject({ region: 'eu', logger: 'oracle.main' });
  });

  it('says once on standard output that it cannot write files, and goes on without', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'file');
    writeFileSync(path, '');
    const logger = createLogger({ service: 'oracle', directory: join(path, 'logs'), console: false });
    logger.info('not lost');
    await logger.close();
    expect(existsSync(join(path, 'logs'))).toBe(false);
    folder.remove();
  });

  it('tells how many lines it dropped since the start, and after close drops all', async () => {
    const folder = temporaryFolder();
    const logger = createLogger({ service: 'oracle', directory: folder.path, console: false });
    logger.info('kept');
    await logger.close();
    logger.info('too late');
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(logger.stats()).toEqual({ heldBytes: 0, dropped: 1 });
    await logger.close();
    folder.remove();
  });
});

describe('logOperation', () => {
  it('writes the customer’s field names and leaves out what is not given', async () => {
    const records = await recordsOf((logger) => {
      logOperation(logger, 'ERROR', 'Reading failed', {
        userId: 5,
        action: 'reading',
        durationMs: 40,
        errorType: 'Timeout',
      });
      logOperation(logger, 'info', 'Reading done');
    });
    expect(records[0]).toMatchObject({
      level: 'ERROR',
      user_id: 5,
      action: 'reading',
      duration_ms: 40,
      error_type: 'Timeout',
    });
    expect(Object.keys(records[1] ?? {})).toEqual(['timestamp', 'level', 'service', 'message', 'logger']);
  });
});

describe('setupOracleLogger', () => {
  it('writes beside the given file at the given level', async () => {
    const folder = temporaryFolder();
    mkdirSync(folder.path, { recursive: true });
    const logger = setupOracleLogger(join(folder.path, 'oracle.log'), 'ERROR');
    logger.warn('no').error('yes');
    await logger.close();
    expect(readFileSync(join(folder.path, 'oracle.log'), 'utf8')).toContain('"message":"yes"');
    rmSync(folder.path, { recursive: true });
  });
});
