import { describe, expect, it } from '@jest/globals';
import { prettyLine } from '../src/pretty.js';

const line = (fields: object) =>
  JSON.stringify({
    timestamp: '2026-02-08T14:30:00.123Z',
    level: 'ERROR',
    service: 'oracle',
    message: 'failed',
    logger: 'oracle',
    ...fields,
  });

describe('a line for people', () => {
  it('has time, level, message and the fields, and a stack on lines of its own', () => {
    const error = { type: 'Error', message: 'x', stack: 'Error: x\n    at y' };
    expect(prettyLine(line({ a: 'word', b: 'two words', c: { d: [1] }, logger: 'sub', error }), false)).toBe(
      '14:30:00.123 ERROR    failed logger=sub a=word b="two words" c={"d":[1]} error=\n  Error: x\n      at y\n \n',
    );
  });

  it('tells what an error was caused by, what it holds, and the errors it gathers', () => {
    const refused = { type: 'Error', message: 'no', stack: 'Error: no\n    at z', code: 'ECONNREFUSED', port: 5432 };
    const error = { type: 'Error', message: 'x', stack: 'Error: x\n    at y', cause: refused };
    expect(prettyLine(line({ error }), false)).toBe(
      `14:30:00.123 ERROR    failed error=
  Error: x
      at y
    caused by Error: no
        at z
        code=ECONNREFUSED port=5432
 
`,
    );
    const gathered = { type: 'AggregateError', message: 'x', stack: 'AggregateError: x', errors: [refused, 'why'] };
    expect(prettyLine(line({ err: { ...gathered, cause: { reason: 1 } } }), false)).toContain(
      `
  AggregateError: x
    with Error: no
        at z
        code=ECONNREFUSED port=5432
    with why
    caused by {"reason":1}
`,
    );
  });

  it('tells a message that its stack does not have, and what was too deep to be shown', () => {
    const error = { type: 'Error', message: 'later', stack: 'Error: x', errors: '[Array]' };
    expect(prettyLine(line({ error }), false)).toContain('Error: x\n      message=later errors=[Array]\n');
  });

  it('colours by level, also of ECS lines and of levels it does not know', () => {
    expect(prettyLine(line({}), true)).toContain('\u001b[31mERROR');
    const ecs = JSON.stringify({ '@timestamp': '2026-02-08T14:30:00.123Z', 'log.level': 'WARN', message: 'm' });
    expect(prettyLine(ecs, true)).toContain('\u001b[33mWARN');
    expect(prettyLine('{"level":"odd"}', true)).toContain('\u001b[32modd');
    expect(prettyLine('{"message":5}', false)).toBe('          \n');
  });

  it('shows controls instead of letting the terminal run them', () => {
    const shown = prettyLine(line({ message: 'a\u001b[2Jb\u202ec', key: '\u0007' }), false);
    expect(shown).toContain('a\\u001b[2Jb\\u202ec');
    expect(shown).toContain('key=\\u0007');
    const error = { stack: 'Error: \u001b[2J', cause: { stack: 'Error: \u009b', code: '\u001b' }, errors: ['\u0007'] };
    // oxlint-disable-next-line no-control-regex -- that none is left is the point
    expect(prettyLine(line({ error }), false)).not.toMatch(/[\0-\x09\x0b-\x1f\x80-\x9f]/);
  });
});
