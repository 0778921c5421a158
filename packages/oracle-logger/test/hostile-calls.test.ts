import { describe, expect, it } from '@jest/globals';
import { logOperation, type OracleLogger, runWithContext } from '../src/index.js';
import type { NpsLogger } from '../src/winston-logger.js';
import { recordsOf } from './log-file.js';
import { createRandom, digits } from './redact/random.js';

/** A proxy that throws whatever is asked of it. */
function throwingProxy(): object {
  const refuse = () => {
    throw new Error('do not touch');
  };
  const traps = new Proxy({}, { get: () => refuse });
  return new Proxy({}, traps);
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('a call with something hostile where an object is expected', () => {
  it('never throws into the caller, runs no getter and loses no line', async () => {
    let ran = 0;
    const trap = {
      get user_id(): string {
        ran++;
        throw new Error('a getter ran');
      },
      calm: 1,
    };
    const hostile: readonly unknown[] = [throwingProxy(), revokedProxy(), trap, null, 'text', 7, Symbol('s'), () => 1];
    let calls = 0;
    const logHostile = (logger: OracleLogger, value: unknown) => {
      const hostile = value as never;
      const uses: readonly (() => unknown)[] = [
        () => logger.log(hostile),
        () => logger.write(hostile),
        () => logger.child(hostile).info('child'),
        () => logger.child(hostile).child(hostile).info('grandchild', hostile),
        () => runWithContext(hostile, () => logger.info('context')),
        () => runWithContext({ a: 1 }, () => runWithContext(hostile, () => logger.info('inner context'))),
        () => logOperation(logger, 'INFO', 'operation', hostile),
        () => logger.log({ level: 'info', message: hostile }),
        () => logger.info(hostile, hostile, hostile),
        () => logger.error(Object.create(typeof value === 'object' ? value : null) as object),
      ];
      for (const use of uses) {
        use();
        calls++;
      }
    };
    const records = await recordsOf((logger) => {
      for (const value of hostile) logHostile(logger, value);
      expect(logger.stats().dropped).toBe(0);
    });
    expect(records).toHaveLength(calls);
    expect(ran).toBe(0);
  });

  it('runs no getter of an error in the Elastic Common Schema either', async () => {
    let ran = 0;
    const error = new Error('x');
    for (const key of ['message', 'name'] as const) {
      Object.defineProperty(error, key, {
        get: () => {
          ran++;
          return 'from a getter';
        },
      });
    }
    const [record] = await recordsOf((logger) => void logger.error('failed', { error }), { profile: 'ecs' });
    expect(record).toMatchObject({ message: 'failed', 'error.type': 'Error' });
    expect(ran).toBe(0);
  });

  it('copies no more of an object with very many keys than a line can hold', async () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`key${n}`, n]));
    const [entry, child] = await recordsOf((logger) => {
      logger.log({ level: 'info', message: 'entry', ...many });
      const one = logger.child(many);
      // A child with all of them would write them again and again.
      expect(Object.keys((one as unknown as NpsLogger).scope.prepared.fields)).toHaveLength(256);
      one.info('child');
    });
    expect(entry).toMatchObject({ message: 'entry', key0: 0, '…': '[more]' });
    expect(child).toMatchObject({ message: 'child', key0: 0 });
  });
});

describe('a message', () => {
  it('that is an object keeps what stands in it', async () => {
    const records = await recordsOf((logger) => {
      logger.log({ level: 'error', message: { a: 1, ref: 'R' }, b: 2 });
      logger.error({ message: { message: 'deep', c: 3 } });
      logger.error({ message: ['one', 2] });
      const own: Record<string, unknown> = { d: 4 };
      own['message'] = own;
      logger.error(own);
    });
    expect(records).toEqual([
      expect.objectContaining({ level: 'ERROR', message: '', a: 1, ref: 'R', b: 2 }),
      expect.objectContaining({ message: 'deep', c: 3 }),
      expect.objectContaining({ message: '', args: ['one', 2] }),
      expect.objectContaining({ message: '', d: 4 }),
    ]);
  });

  it('gets plain values in the places it has for them, where the words before them tell secrets', async () => {
    const secret = `Blu${createRandom(7).text(digits, 7)}kd`;
    const records = await recordsOf((logger) => {
      logger.info('took %d ms for %s', 12, 'ann');
      logger.info('NPS_MASTER_PASSWORD=%s on %s', secret, 'db-1', { user_id: 'u' });
      logger.info('100%s and %s', 7);
      logger.info('100% sure', 'more');
      logger.info('%s', { is: 'an object' });
      logger.info('done %d%%', 50);
    });
    const shown = records.map(({ message, args, user_id, is }) => ({ message, args, user_id, is }));
    expect(shown).toEqual([
      { message: 'took 12 ms for ann' },
      { message: 'NPS_MASTER_PASSWORD=[REDACTED] on db-1', user_id: 'u' },
      { message: '1007 and %s' },
      { message: '100% sure', args: ['more'] },
      { message: '%s', is: 'an object' },
      { message: 'done 50%' },
    ]);
  });
});
