/** What one start of the program does. */
export type Command = 'run' | 'test' | 'once' | 'check-config' | 'help' | PeopleCommand;

/** What people ask of the alerts in the database, beside a running alerter. */
export type PeopleCommand = 'alerts' | 'ack' | 'silence' | 'unsilence';

/** The words after such a command, checked. */
export interface PeopleRequest {
  readonly command: PeopleCommand;
  /** What it is about: `SERVICE`, `SERVICE/RULE`, an alert's key, or the id of a silence; null for `alerts`. */
  readonly what: string | null;
  /** How long; null for `alerts` and `unsilence`. */
  readonly durationMs: number | null;
  /** Who asks; null takes the name of the user. */
  readonly by: string | null;
  readonly comment: string;
}

/** The parsed command line, or the one sentence that says what is wrong with it. */
export type CommandLine =
  | { readonly command: Exclude<Command, PeopleCommand>; readonly configPath: string | null }
  | { readonly command: PeopleCommand; readonly configPath: string | null; readonly request: PeopleRequest }
  | { readonly fault: string };

/** The text of `--help`. */
export const HELP = `Usage: alerter [--config FILE] [--test | --once | --check-config | --help]
       alerter alerts
       alerter ack WHAT [--for 4h] [--by NAME]
       alerter silence WHAT --for 2h [--by NAME] [--comment TEXT]
       alerter unsilence ID

Collects every target, stores history, evaluates the rules and tells people.

  (no command)      run until SIGTERM or SIGINT; SIGHUP takes the configuration file as it is now
  --test            send a [TEST] notice through every route, print latency and message id, exit 0 or 1
  --once            collect and evaluate once, print what was seen, exit 0 when nothing is wrong, else 1
  --check-config    read environment and configuration file, print every fault at once, exit 0 or 1
  --config FILE     targets, rules, channels and routes (JSON or YAML); goes before NPS_CONFIG
  --help            this text

  alerts            what is open, who knows of it, what is silenced; exit 0
  ack               somebody takes care: no reminders and no escalation, the recovery is told all the same
  silence           hold alerts for a while; what still holds at the end is told then
  unsilence         end a silence before its time
                    WHAT is SERVICE, SERVICE/RULE, an alert's key or, to silence, "all". Durations: 30m, 4h, 2d.
                    A running alerter takes these up within 5 s; who and when is recorded.

Environment: DATABASE_URL, ORACLE_HTTP_URL, NPS_CONFIG, NPS_BOT_TOKEN, NPS_CHAT_ID, ALERT_CHECK_INTERVAL, …
Every variable with its default stands in the README.`;

const COMMANDS: Readonly<Record<string, Exclude<Command, PeopleCommand>>> = {
  '--test': 'test',
  '--once': 'once',
  '--check-config': 'check-config',
  '--help': 'help',
  '-h': 'help',
};

/** Which words a command of people takes, and which it cannot do without. */
const PEOPLE_COMMANDS: Readonly<Record<PeopleCommand, { readonly options: readonly string[]; readonly what: string }>> =
  {
    alerts: { options: [], what: '' },
    ack: { options: ['for', 'by'], what: 'SERVICE, SERVICE/RULE or the key of an alert' },
    silence: { options: ['for', 'by', 'comment'], what: 'SERVICE, SERVICE/RULE or all' },
    unsilence: { options: [], what: 'the id of a silence; "alerter alerts" lists them' },
  };

const ACKNOWLEDGED_FOR_MS = 4 * 3_600_000;
const LONGEST_MS = 30 * 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Words and `--name value` pairs of a command line, in any order; flags are those that `COMMANDS` knows. */
interface Split {
  readonly words: readonly string[];
  readonly flags: readonly string[];
  readonly values: ReadonlyMap<string, string>;
}

const VALUED: ReadonlySet<string> = new Set(['config', 'for', 'by', 'comment']);

/** Parses the arguments after `node main.js`. Pure. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const split = splitArguments(args);
  if ('fault' in split) return split;
  const configPath = split.values.get('config') ?? null;
  const [word, ...more] = split.words;
  if (word !== undefined) {
    if (!isPeopleCommand(word)) return unknown(word);
    if (split.flags.length > 0 && !split.flags.includes('help'))
      return { fault: `${word} and --${split.flags[0]} cannot be combined; run one at a time` };
    return split.flags.includes('help')
      ? { command: 'help', configPath }
      : peopleCommand(word, more, split, configPath);
  }
  const stray = [...split.values.keys()].find((name) => name !== 'config');
  if (stray !== undefined) return { fault: `--${stray} belongs to ack or silence; --help lists what there is` };
  const [first = 'run', second] = split.flags as readonly Exclude<Command, PeopleCommand>[];
  if (second !== undefined) return { fault: `--${first} and --${second} cannot be combined; run one at a time` };
  return { command: first, configPath };
}

function unknown(argument: string): { readonly fault: string } {
  return { fault: `unknown argument ${JSON.stringify(argument)}; --help lists what there is` };
}

function isPeopleCommand(word: string): word is PeopleCommand {
  return Object.hasOwn(PEOPLE_COMMANDS, word);
}

function splitArguments(args: readonly string[]): Split | { readonly fault: string } {
  const words: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    const [, name = '', inline] = /^--([a-z]+)(?:=([^]*))?$/.exec(argument) ?? [];
    if (VALUED.has(name)) {
      const value = inline ?? args[(index += 1)];
      if (!value || value.startsWith('--')) return { fault: missingValue(name) };
      values.set(name, value);
    } else if (Object.hasOwn(COMMANDS, argument)) flags.add(COMMANDS[argument] ?? '');
    else if (argument.startsWith('-')) return unknown(argument);
    else words.push(argument);
  }
  return { words, flags: [...flags], values };
}

function missingValue(name: string): string {
  if (name === 'config') return '--config expects the path of a file, e.g. --config targets.json';
  return name === 'for' ? '--for expects a duration, e.g. --for 2h' : `--${name} expects a text, e.g. --${name} ann`;
}

function peopleCommand(
  command: PeopleCommand,
  [what, surplus]: readonly string[],
  { values }: Split,
  configPath: string | null,
): CommandLine {
  const { options, what: expected } = PEOPLE_COMMANDS[command];
  if (expected !== '' && what === undefined) return { fault: `${command} expects ${expected}` };
  const extra = expected === '' ? what : surplus;
  if (extra !== undefined) return unknown(extra);
  const stray = [...values.keys()].find((name) => name !== 'config' && !options.includes(name));
  if (stray !== undefined) return { fault: `${command} does not take --${stray}` };
  const length = values.get('for');
  if (command === 'silence' && length === undefined) return { fault: missingValue('for') };
  const durationMs = length === undefined ? ACKNOWLEDGED_FOR_MS : readDuration(length);
  if (durationMs === null) {
    return { fault: `--for: expected a duration from 1m to 30d, e.g. 30m, 4h or 2d, got ${JSON.stringify(length)}` };
  }
  const request: PeopleRequest = {
    command,
    what: what ?? null,
    durationMs: options.includes('for') ? durationMs : null,
    by: values.get('by') ?? null,
    comment: values.get('comment') ?? '',
  };
  return { command, configPath, request };
}

function readDuration(text: string): number | null {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  return ms >= 60_000 && ms <= LONGEST_MS ? ms : null;
}
