/** Options of well-known programs whose value is a secret although their name does not say so. */
interface CommandForm {
  /** Options with the secret as their value, apart or attached: `-psecret`, `-p secret`. */
  readonly secret?: readonly string[];
  /** Options with the secret apart only; attached, they are other options. */
  readonly apart?: readonly string[];
  /** Options with the secret attached only; apart, it is something else unless it looks like a password. */
  readonly attached?: readonly string[];
  /** Options with `user:secret` as their value. */
  readonly user?: readonly string[];
}

const forms: readonly (readonly [programs: string, form: CommandForm])[] = [
  ['curl', { user: ['-u', '-U', '--user', '--proxy-user'], secret: ['-b', '--cookie', '--pass', '--oauth2-bearer'] }],
  ['http https', { user: ['-a', '--auth'] }],
  ['smbclient', { user: ['-U', '--user'] }],
  ['lftp', { user: ['-u'] }],
  ['mysql mysqldump mysqladmin mariadb mariadb-dump 7z 7za 7zr', { attached: ['-p'] }],
  ['sshpass cqlsh mongo mongosh mongodump mongorestore snowsql psexec', { secret: ['-p'] }],
  ['docker_login podman_login helm_registry_login oc_login az_login', { secret: ['-p'] }],
  ['redis-cli', { secret: ['-a', '--pass'] }],
  ['sqlcmd bcp unzip zip isql tsql', { secret: ['-P'] }],
  ['mosquitto_pub mosquitto_sub mosquitto_rr', { secret: ['-P', '--pw'] }],
  ['ldapsearch ldapadd ldapmodify ldapwhoami', { secret: ['-w'] }],
  ['snmpwalk snmpget', { secret: ['-A', '-X', '-c'] }],
  ['keytool', { secret: ['-storepass', '-keypass', '-srcstorepass', '-deststorepass'] }],
  ['openssl', { apart: ['-k', '-K'] }],
];

/** By program; two words have an underscore between them, as no program has it before "login". */
const commands: ReadonlyMap<string, CommandForm> = new Map(
  forms.flatMap(([programs, form]) => programs.split(' ').map((program) => [spaced(program), form] as const)),
);

function spaced(program: string): string {
  return program.endsWith('_login') ? program.replaceAll('_', ' ') : program;
}

const names = [...commands.keys()].sort((a, b) => b.length - a.length).join('|');

/** A command with its arguments on the same line, or on lines that a backslash joins. */
const commandLine = new RegExp(
  `(?<![\\w.-])(?:[\\w./-]{0,64}/)?(${names})(?=\\s)((?:\\\\\\r?\\n|[^\\n\\r|;]){1,2048})`,
  'gi',
);

const argument = /(?:"(?:[^"\\]|\\.){0,512}"|'[^']{0,512}'|[^\s"'])+/g;

/** Hides what well-known programs take as secrets: `curl -u user:secret`, `mysql -psecret`, `sshpass -p secret`. */
export function maskCommands(text: string, mask: string): string {
  if (!text.includes(' -')) return text;
  return text.replace(commandLine, (whole: string, command: string, rest: string) => {
    let previous = '';
    const masked = rest.replace(argument, (item) => {
      if (item === '\\') return item;
      const shown = maskQuoted(command, previous, item, mask);
      previous = item;
      return shown;
    });
    return whole.slice(0, whole.length - rest.length) + masked;
  });
}

function maskQuoted(command: string, previous: string, item: string, mask: string): string {
  const quote = /^(["'])[^]*\1$/.exec(item)?.[1] ?? '';
  const bare = item.slice(quote.length, item.length - quote.length);
  const shown = secretArgument(command, previous, bare, mask);
  if (shown !== bare) return quote + shown + quote;
  return item.includes(' ') ? maskCommands(item, mask) : item;
}

/** An argument as it may be shown, given the program and the argument before it. */
export function secretArgument(program: string, previous: unknown, item: string, mask: string): string {
  const form = commands.get(nameOf(program));
  if (form === undefined || item.includes(mask)) return item;
  const { secret = [], apart = [], attached = [], user = [] } = form;
  if (typeof previous === 'string' && !item.startsWith('-')) {
    if ([...secret, ...apart].some((flag) => ends(previous, flag))) return mask;
    if (user.some((flag) => ends(previous, flag))) return maskUser(item, mask);
    if (attached.includes(previous) && looksLikePassword(item)) return mask;
  }
  for (const flag of [...secret, ...attached]) {
    const head = attachedHead(flag, item);
    if (head !== '') return head + mask;
  }
  for (const flag of user) {
    const head = attachedHead(flag, item);
    if (head !== '') return head + maskUser(item.slice(head.length), mask);
  }
  return item;
}

/** Whether a list starts with a known program, possibly behind `sudo`; its name, or an empty text. */
export function programOf(list: readonly unknown[]): string {
  for (let index = 0; index < Math.min(list.length, mostWrappers); index++) {
    const [program, action] = [list[index], list[index + 1]];
    if (typeof program !== 'string') return '';
    if (commands.has(nameOf(program))) return program;
    const both = `${nameOf(program)} ${String(action)}`;
    if (action === 'login' && commands.has(both)) return both;
  }
  return '';
}

/** `sudo -u root env curl`: so many words may stand before the program, and the program. */
const mostWrappers = 6;

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1).toLowerCase();
}

/** `-u`, and `-sSu`, which is `-s -S -u`. */
function ends(previous: string, flag: string): boolean {
  return (
    previous === flag || (flag.length === 2 && /^-[A-Za-z]{2,6}$/.test(previous) && previous.endsWith(flag.slice(1)))
  );
}

/** The `-p` of `-psecret`, the `--user=` of `--user=ann:secret`. */
function attachedHead(flag: string, item: string): string {
  const head = flag.startsWith('--') ? `${flag}=` : flag;
  return item.length > head.length && item.startsWith(head) && (flag.length === 2 || head !== flag) ? head : '';
}

/** `mysql -p nps` asks for the password and uses the database. */
function looksLikePassword(item: string): boolean {
  return item.length >= 8 && /\d/.test(item) && /[A-Za-z]/.test(item) && !/[\s_.:/-]/.test(item);
}

/** `user:secret` and `user%secret` keep the user. */
function maskUser(item: string, mask: string): string {
  const colon = item.search(/[:%,]/);
  return colon === -1 ? item : item.slice(0, colon + 1) + mask;
}
