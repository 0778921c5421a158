/** What one start of the program does. */
export type Command = 'run' | 'test' | 'once' | 'check-config' | 'help';

/** The parsed command line, or the one sentence that says what is wrong with it. */
export type CommandLine =
  | { readonly command: Command; readonly configPath: string | null }
  | { readonly fault: string };

/** The text of `--help`. */
export const HELP = `Usage: alerter [--config FILE] [--test | --once | --check-config | --help]

Collects every target, stores history, evaluates the rules and tells people.

  (no command)      run until SIGTERM or SIGINT
  --test            send a [TEST] notice through every route, print latency and message id, exit 0 or 1
  --once            collect and evaluate once, print what was seen, exit 0 when nothing is wrong, else 1
  --check-config    read environment and configuration file, print every fault at once, exit 0 or 1
  --config FILE     targets, rules, channels and routes (JSON or YAML); goes before NPS_CONFIG
  --help            this text

Environment: DATABASE_URL, ORACLE_HTTP_URL, NPS_CONFIG, NPS_BOT_TOKEN, NPS_CHAT_ID, ALERT_CHECK_INTERVAL, …
Every variable with its default stands in the README.`;

const COMMANDS: Readonly<Record<string, Command>> = {
  '--test': 'test',
  '--once': 'once',
  '--check-config': 'check-config',
  '--help': 'help',
  '-h': 'help',
};

/** Parses the arguments after `node main.js`. Pure. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  let command: Command = 'run';
  let configPath: string | null = null;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    if (argument === '--config' || argument.startsWith('--config=')) {
      const value = argument.includes('=') ? argument.slice('--config='.length) : args[(index += 1)];
      if (!value || value.startsWith('--'))
        return { fault: '--config expects the path of a file, e.g. --config targets.json' };
      configPath = value;
      continue;
    }
    const wanted = Object.hasOwn(COMMANDS, argument) ? COMMANDS[argument] : undefined;
    if (wanted === undefined)
      return { fault: `unknown argument ${JSON.stringify(argument)}; --help lists what there is` };
    if (command !== 'run' && wanted !== command)
      return { fault: `--${command} and ${argument} cannot be combined; run one at a time` };
    command = wanted;
  }
  return { command, configPath };
}
