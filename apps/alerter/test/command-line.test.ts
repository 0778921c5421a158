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

  it.each([
    [['--config']],
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
