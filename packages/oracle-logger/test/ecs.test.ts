import { describe, expect, it } from '@jest/globals';
import { linesOf, recordsOf } from './log-file.js';

describe('the profile ecs', () => {
  it('writes the Elastic Common Schema', async () => {
    const [line = ''] = await linesOf(
      (logger) =>
        void logger.child({ request_id: 'r1' }).error('failed', {
          user_id: 'u1',
          action: 'read',
          duration_ms: 1.5,
          error: new TypeError('x', { cause: 'why' }),
          message: 'again',
          own: 1,
        }),
      { profile: 'ecs' },
    );
    const record = JSON.parse(line) as Record<string, unknown>;
    expect(record).toMatchObject({
      'log.level': 'ERROR',
      'ecs.version': '8.11.0',
      'service.name': 'oracle',
      message: 'failed',
      'log.logger': 'oracle',
      'http.request.id': 'r1',
      'user.id': 'u1',
      'event.action': 'read',
      'event.duration': 1_500_000,
      'error.type': 'TypeError',
      'error.message': 'x',
      'error.cause': 'why',
      own: 1,
      _message: 'again',
    });
    expect(record['@timestamp']).toMatch(/Z$/);
    expect(record['error.stack_trace']).toContain('TypeError: x');
  });

  it('keeps the fields of an error and the errors it gathers', async () => {
    const records = await recordsOf(
      (logger) => {
        logger.error('duplicate', Object.assign(new Error('x'), { code: '23505', password: 'opensesame' }));
        logger.error('all failed', new AggregateError([new Error('a')], 'every channel'));
        logger.error('no error', { error: { reason: 'why', message: 'm' }, error_type: 'Mine' });
      },
      { profile: 'ecs' },
    );
    expect(records).toMatchObject([
      { 'error.type': 'Error', 'error.code': '23505', 'error.password': '[REDACTED]' },
      { 'error.type': 'AggregateError', 'error.errors': [{ type: 'Error', message: 'a' }] },
      { 'error.type': 'Mine', 'error.message': 'm', 'error.reason': 'why' },
    ]);
  });

  it('keeps two errors of one line apart', async () => {
    const fields = {
      err: Object.assign(new Error('a'), { code: 1 }),
      error: Object.assign(new Error('b'), { code: 2 }),
    };
    const [record] = await recordsOf((logger) => void logger.error('two', fields), { profile: 'ecs' });
    expect(record).toMatchObject({ 'error.message': 'a', 'error.code': 1, err: { message: 'b', code: 2 } });
  });

  it.each(['ecs', 'oracle'] as const)('starts and logs where writing a stack throws (%s)', async (profile) => {
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = () => {
      throw new RangeError('not now');
    };
    try {
      const [record] = await recordsOf((logger) => void logger.error('failed', { error: new Error('x') }), { profile });
      expect(record).toMatchObject(profile === 'ecs' ? { 'error.message': 'x' } : { error: { message: 'x' } });
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  });
});
