import { execFileSync } from 'node:child_process';
import { accessSync, chownSync, constants } from 'node:fs';
import { EmbeddedPostgresError } from './errors.js';

/** The user PostgreSQL runs as: it refuses to run as root. Empty when we are an ordinary user already. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Debian, Alpine and macOS all have `nobody`; PostgreSQL needs a user that stands in the password file. */
const UNPRIVILEGED_USER = 'nobody';

/** As root: the unprivileged user PostgreSQL is to run as; otherwise nobody else than we. */
export function chooseOwner(uid: number | undefined = process.getuid?.()): Owner {
  if (uid !== 0) return {};
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, UNPRIVILEGED_USER], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}

/** Hands a file or directory to the owner (nothing to do when that is ourselves). */
export function giveTo(owner: Owner, path: string): void {
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(path, owner.uid, owner.gid);
}

/**
 * Says at once, and in words, when the owner cannot reach a path, instead of a server that dies with EACCES.
 * @throws EmbeddedPostgresError `DIRECTORY_UNUSABLE`
 */
export function requireReach(owner: Owner, path: string): void {
  try {
    if (owner.uid === undefined) accessSync(path, constants.R_OK | constants.X_OK);
    else execFileSync('test', ['-x', path], { ...owner, cwd: '/' });
  } catch (cause) {
    const who =
      owner.uid === undefined ? 'this user' : `the user ${UNPRIVILEGED_USER} (PostgreSQL refuses to run as root)`;
    throw new EmbeddedPostgresError(
      'DIRECTORY_UNUSABLE',
      `${path} cannot be reached by ${who}; move the project out of the private folder, start as an ordinary user, or set DATABASE_URL.`,
      { cause },
    );
  }
}
