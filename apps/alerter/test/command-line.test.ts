import { describe, expect, it } from '@jest/globals';
import { HELP, parseCommandLine } from '../src/command-line.js';

describe('the command line', () => {
  it('runs when nothing is asked for', () => {
    expect(parseCommandLine([])).toEqual({ command: 'run', configPath: null });
  });

  it.each(['test', 'once', 'check-config', 'help'])('knows --%s and explains it', (command) => {
    expect(parseCommandLine([`--${command}`])).toEqual({ command, configPath: null });
    expect(HELP).toContain(`--${command}`);
  });

  it('takes the file as a following word or after an equals sign', () => {
    expect(parseCommandLine(['--once', '--config', 'a.yaml'])).toEqual({ command: 'once', configPath: 'a.yaml' });
    expect(parseCommandLine(['--config=b.json'])).toEqual({ command: 'run', configPath: 'b.json' });
  });

  it.each(['alerts', 'ack', 'silence', 'unsilence'])('explains %s', (command) => {
    expect(HELP).toMatch(new RegExp(`^ +(alerter )?${command}`, 'm'));
    expect(parseCommandLine([command, '--help'])).toEqual({ command: 'help', configPath: null });
  });

  it('takes what people ask, in any order', () => {
    expect(parseCommandLine(['alerts'])).toMatchObject({
      command: 'alerts',
      request: { what: null, durationMs: null },
    });
    expect(parseCommandLine(['ack', 'oracle/down', '--by', 'ann'])).toEqual({
      command: 'ack',
      configPath: null,
      request: { command: 'ack', what: 'oracle/down', durationMs: 14_400_000, by: 'ann', comment: '' },
    });
    expect(parseCommandLine(['--for=90m', 'silence', '--comment', 'new disks', 'all', '--config=c.json'])).toEqual({
      command: 'silence',
      configPath: 'c.json',
      request: { command: 'silence', what: 'all', durationMs: 5_400_000, by: null, comment: 'new disks' },
    });
    expect(parseCommandLine(['unsilence', 'abc'])).toMatchObject({ request: { what: 'abc', durationMs: null } });
  });

  it.each([
    [['--config']],
    [['ack']],
    [['silence', 'oracle']],
    [['silence', 'oracle', '--for', '2']],
    [['silence', 'oracle', '--for', '31d']],
    [['silence', 'oracle', '--for', '0h']],
    [['silence', 'oracle', 'web', '--for', '2h']],
    [['alerts', 'oracle']],
    [['unsilence', 'abc', '--for', '2h']],
    [['ack', 'oracle', '--once']],
    [['--for', '2h']],
    [['ack', 'oracle', '--by']],
    [['__proto__']],
    [['--config', '--once']],
    [['--config=']],
    [['--tset']],
    [['once']],
    [['--toString']],
    [['--test', '--once']],
  ])('refuses %j with one sentence', (args) => {
    expect(parseCommandLine(args)).toEqual({ fault: expect.any(String) });
  });
});
