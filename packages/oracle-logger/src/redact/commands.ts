/** Options of well-known programs whose value is a secret although their name does not say so. */
interface CommandForm {
  /** Options with the secret as their value, apart or attached: `-psecret`, `-p secret`. */
  readonly secret?: readonly string[];
  /** Options with the secret attached only; apart, it is something else. */
  readonly attached?: readonly string[];
  /** Options with `user:secret` as their value. */
  readonly user?: readonly string[];
}

const mysql: CommandForm = { attached: ['-p'] };
const ldap: CommandForm = { secret: ['-w'] };
const login: CommandForm = { secret: ['-p'] };

const commands: ReadonlyMap<string, CommandForm> = new Map<string, CommandForm>([
  ['curl', { user: ['-u', '-U', '--user', '--proxy-user'], secret: ['-b', '--cookie', '--pass', '--oauth2-bearer'] }],
  ['http', { user: ['-a', '--auth'] }],
  ['https', { user: ['-a', '--auth'] }],
  ['smbclient', { user: ['-U', '--user'] }],
  ['lftp', { user: ['-u'] }],
  ['mysql', mysql],
  ['mysqldump', mysql],
  ['mysqladmin', mysql],
  ['mariadb', mysql],
  ['mariadb-dump', mysql],
  ['sshpass', login],
  ['docker login', login],
  ['podman login', login],
  ['helm registry login', login],
  ['oc login', login],
  ['cqlsh', login],
  ['mongo', login],
  ['mongosh', login],
  ['mongodump', login],
  ['mongorestore', login],
  ['redis-cli', { secret: ['-a', '--pass'] }],
  ['sqlcmd', { secret: ['-P'] }],
  ['bcp', { secret: ['-P'] }],
  ['unzip', { secret: ['-P'] }],
  ['zip', { secret: ['-P'] }],
  ['ldapsearch', ldap],
  ['ldapadd', ldap],
  ['ldapmodify', ldap],
  ['ldapwhoami', ldap],
  ['snmpwalk', { secret: ['-A', '-X', '-c'] }],
  ['snmpget', { secret: ['-A', '-X', '-c'] }],
  ['keytool', { secret: ['-storepass', '-keypass', '-srcstorepass', '-deststorepass'] }],
]);

const names = [...commands.keys()].sort((a, b) => b.length - a.length).join('|');

/** A command with its arguments on the same line. */
const commandLine = new RegExp(`(?<![\\w.-])(?:[\\w./-]{0,64}/)?(${names})(?=\\s)([^\\n\\r|;]{1,2048})`, 'g');

const argument = /"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+/g;

/** Hides what well-known programs take as secrets: `curl -u user:secret`, `mysql -psecret`, `sshpass -p secret`. */
export function maskCommands(text: string, mask: string): string {
  if (!text.includes(' -')) return text;
  return text.replace(commandLine, (whole: string, command: string, rest: string) => {
    let previous = '';
    const masked = rest.replace(argument, (item) => {
      const isLine = /^["'].* /.test(item);
      const shown = isLine ? maskCommands(item, mask) : secretArgument(command, previous, item, mask);
      previous = item;
      return shown;
    });
    return whole.slice(0, whole.length - rest.length) + masked;
  });
}

/** An argument as it may be shown, given the program and the argument before it. */
export function secretArgument(program: string, previous: unknown, item: string, mask: string): string {
  const form = commands.get(program.slice(program.lastIndexOf('/') + 1));
  if (form === undefined || item.includes(mask)) return item;
  const { secret = [], attached = [], user = [] } = form;
  if (typeof previous === 'string' && !item.startsWith('-')) {
    if (secret.includes(previous)) return mask;
    if (user.includes(previous)) return maskUser(item, mask);
  }
  const own = [...secret, ...attached].find((flag) => isAttached(flag, item));
  if (own !== undefined) return own + mask;
  const owner = user.find((flag) => isAttached(flag, item));
  return owner === undefined ? item : owner + maskUser(item.slice(owner.length), mask);
}

function isAttached(flag: string, item: string): boolean {
  return item.length > flag.length && item.startsWith(flag) && flag.length === 2;
}

/** `user:secret` and `user%secret` keep the user. */
function maskUser(item: string, mask: string): string {
  const colon = item.search(/[:%,]/);
  return colon === -1 ? item : item.slice(0, colon + 1) + mask;
}
