import { describe, expect, it } from '@jest/globals';
import { readConfig as readAlerterConfig } from '../../../apps/alerter/src/config.js';
import { readConfig as readDashboardConfig } from '../../../apps/dashboard/src/server/config.js';
import { readConfig as readOracleConfig } from '../../../apps/reference-oracle/src/config.js';
import { listFiles, readText, readYaml } from './repository.js';

interface Example {
  readonly name: string;
  readonly value: string;
}

const EXAMPLE = readText('.env.example');
const ENTRIES: readonly Example[] = [...EXAMPLE.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => ({
  name: name ?? '',
  value: value ?? '',
}));
const NAMES = ENTRIES.map(({ name }) => name);

/** The files that read the environment, and what they name in quotes. */
const VARIABLE = /'([A-Z]+(?:_[A-Z0-9]+)+)'/g;
const READERS = /\/src\/(server\/)?(config|channels|secret-files|connectivity)\.ts$/;

function variablesOf(app: string, readers = READERS): readonly string[] {
  const files = listFiles(`apps/${app}/src`, readers);
  return [
    ...new Set(files.flatMap((file) => [...readText(file).matchAll(VARIABLE)].map(([, name]) => name ?? ''))),
  ].sort();
}

const LOAD = variablesOf('reference-oracle', /\/src\/load\/config\.ts$/);
const APPS = { alerter: 'alerter', dashboard: 'dashboard', oracle: 'reference-oracle' } as const;

interface Compose {
  readonly services: Readonly<Record<string, { readonly environment?: Readonly<Record<string, unknown>> }>>;
}

describe('.env.example', () => {
  it.each(Object.values(APPS))('names every variable that %s reads', (app) => {
    const read = variablesOf(app);
    expect(read.length).toBeGreaterThan(10);
    expect(read.filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  it('names every variable of the load generator', () => {
    expect(LOAD.length).toBeGreaterThan(3);
    expect(LOAD.filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  it('names every variable of the compose files', () => {
    const used = listFiles('infrastructure', /compose[^/]*\.yaml$/).flatMap((file) =>
      [...readText(file).matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, name]) => name ?? ''),
    );
    expect(used.length).toBeGreaterThan(40);
    expect([...new Set(used)].filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  it('names nothing that nobody reads, and nothing twice', () => {
    const compose = listFiles('infrastructure', /compose[^/]*\.yaml$/)
      .map(readText)
      .join('\n');
    const read = new Set([...LOAD, ...Object.values(APPS).flatMap((app) => variablesOf(app))]);
    expect(NAMES.filter((name) => !read.has(name) && !compose.includes(`\${${name}`))).toEqual([]);
    expect(NAMES.filter((name, index) => NAMES.indexOf(name) !== index)).toEqual([]);
  });

  it('explains every variable right above it', () => {
    const blocks = EXAMPLE.split(/\n(?=#)/).filter((block) => /^[A-Z]/m.test(block));
    for (const block of blocks) expect(block).toMatch(/^#(?! ---).+/m);
    expect(EXAMPLE.split('\n')[0]).toMatch(/^#/);
  });

  it('shows as values what counts without them', () => {
    const database = { DATABASE_URL: 'postgres://127.0.0.1/nps', DASHBOARD_ALLOW_ANONYMOUS: 'on' };
    const readers = {
      alerter: (env: NodeJS.ProcessEnv) => without(readAlerterConfig(env), 'variables'),
      dashboard: (env: NodeJS.ProcessEnv) => without(readDashboardConfig(env), 'environment'),
      'reference-oracle': (env: NodeJS.ProcessEnv) => readOracleConfig(env),
    };
    for (const [app, read] of Object.entries(readers)) {
      const shown = ENTRIES.filter(({ name, value }) => value !== '' && variablesOf(app).includes(name));
      expect(shown.length).toBeGreaterThan(2);
      for (const { name, value } of shown) {
        expect({ [name]: read({ ...database, [name]: value }) }).toEqual({ [name]: read(database) });
      }
    }
  });

  it('holds no secret', () => {
    const secrets = ENTRIES.filter(({ name }) => /PASSWORD|TOKEN|SECRET|_KEY$/.test(name));
    expect(secrets.length).toBeGreaterThan(5);
    expect(secrets.filter(({ value }) => value !== '')).toEqual([]);
  });
});

describe('compose.yaml', () => {
  const { services } = readYaml<Compose>('infrastructure/compose.yaml');

  it.each(Object.entries(APPS))('hands %s every variable it reads', (service, app) => {
    const given = Object.keys(services[service]?.environment ?? {});
    expect(variablesOf(app).filter((name) => !given.includes(name))).toEqual([]);
  });

  it('hands no app a variable that it does not read', () => {
    for (const [service, app] of Object.entries(APPS)) {
      const given = Object.keys(services[service]?.environment ?? {});
      expect(given.filter((name) => !variablesOf(app).includes(name))).toEqual([]);
    }
  });
});

/** The settings without the raw environment that some configurations carry along. */
function without(result: object, field: string): unknown {
  const config = (result as { config?: Record<string, unknown> }).config;
  if (config === undefined) return result; // faults: shown by the comparison
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== field));
}

describe('the options of Node for the alerter', () => {
  it('are the same in its npm start, in the launcher and in the image', () => {
    const manifest = JSON.parse(readText('apps/alerter/package.json')) as {
      readonly scripts: { readonly start: string };
    };
    const options = manifest.scripts.start.split(' ').filter((word) => word.startsWith('--'));
    expect(options).toHaveLength(1);
    expect(readText('development/launcher/src/services.ts')).toContain(`ALERTER_OPTIONS = ['${options.join("', '")}']`);
    expect(readText('infrastructure/docker/Dockerfile')).toContain(
      `CMD ["node", "${options.join('", "')}", "dist/main.js"]`,
    );
  });
});
