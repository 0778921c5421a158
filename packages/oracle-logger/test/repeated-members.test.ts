import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runWithContext } from '../src/index.js';
import { recordsOf } from './log-file.js';

/** Few keys and few values, so that they come again alone, one after the other, in another order, and with gaps. */
const members = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom('method', 'path', 'status', 'cached', 'region', 'password', 'api_key', 'value', 'name', 'größe'),
    fc.constantFrom<unknown>('GET', 'a "quoted" text', 200, -1.5, true, '', null, undefined, 'x'.repeat(80), {
      again: 'GET',
    }),
  ),
  { selector: ([key]) => key, maxLength: 10 },
);

/** A secret's key hides texts, objects and numbers of at least three digits. */
const shown = (key: string, value: unknown): unknown => {
  if (key !== 'password' && key !== 'api_key') return value;
  const isHidden =
    value === 200 || typeof value === 'object' ? value !== null : typeof value === 'string' && value !== '';
  return isHidden ? '[REDACTED]' : value;
};

describe('objects whose members come again', () => {
  it('are written as they are, whatever stood beside their members before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(members, { minLength: 60, maxLength: 120 }), async (objects) => {
        const records = await recordsOf((logger) => {
          for (const [index, object] of objects.entries())
            logger.info('seen', {
              ...(index % 3 === 0 ? Object.fromEntries(object) : {}),
              request: Object.fromEntries(object),
            });
        });
        const expected = objects.map((object) =>
          Object.fromEntries(
            object.filter(([, value]) => value !== undefined).map(([key, value]) => [key, shown(key, value)]),
          ),
        );
        expect(records.map(({ request }) => request)).toEqual(expected);
        for (const [index, object] of expected.entries())
          if (index % 3 === 0) expect(records[index]).toMatchObject(object);
      }),
      { numRuns: 40 },
    );
  });

  it('are written as they are, whatever the lines around them begin with', async () => {
    const line = fc.record({
      level: fc.constantFrom('info', 'warn', 'error'),
      message: fc.constantFrom('seen', 'done', 'a "quoted" text', 'x'.repeat(80)),
      who: fc.constantFrom('oracle', 'child', 'named'),
      context: fc.constantFrom({}, { request_id: 'r-1' }, { request_id: 'r-2', user_id: 'u' }),
      object: members,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 60, maxLength: 120 }), async (lines) => {
        const records = await recordsOf((logger) => {
          const loggers = {
            oracle: logger,
            child: logger.child({ part: 'db', status: 7 }),
            named: logger.child({ logger: 'x' }),
          };
          for (const { level, message, who, context, object } of lines)
            runWithContext(context, () => loggers[who as 'child'].log(level, message, Object.fromEntries(object)));
        });
        for (const [index, { level, message, who, context, object }] of lines.entries()) {
          // One that is undefined takes the place of the logger's too.
          const own = object.map(([key, value]) => [key, value === undefined ? undefined : shown(key, value)]);
          expect(records[index]).toEqual({
            timestamp: expect.any(String),
            level: level.toUpperCase(),
            service: 'oracle',
            message,
            logger: who === 'named' ? 'x' : 'oracle',
            ...(who === 'child' ? { part: 'db', status: 7 } : {}),
            ...context,
            ...Object.fromEntries(own),
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are written as they are when a key has had other values for long, and now has one', async () => {
    const idAt = (index: number) => (index < 1_200 ? `user-${index}` : `user-${Math.floor(index / 1_200)}`);
    const records = await recordsOf((logger) => {
      for (let index = 0; index < 4_000; index += 1) logger.info('seen', { user_id: idAt(index), count: index });
    });
    for (const [index, record] of records.entries())
      expect(record).toMatchObject({ user_id: idAt(index), count: index });
    expect(records).toHaveLength(4_000);
  });

  it('are written in parts where they have many members', async () => {
    const wide = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`field_${index}`, `value ${index}`]));
    const records = await recordsOf((logger) => {
      for (let time = 0; time < 6; time += 1) logger.info('wide', { wide });
    });
    for (const record of records) expect(record['wide']).toEqual(wide);
  });
});
