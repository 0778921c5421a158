import { describe, expect, it } from '@jest/globals';
import { has, listFiles, ROOT, readYaml, run } from './repository.js';

interface Service {
  readonly image?: string;
  readonly build?: { readonly target: string };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly cpus?: number;
  readonly mem_limit?: string;
  readonly stop_grace_period?: string;
  readonly tmpfs?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly name: string }>>;
}

const { services, networks } = readYaml<Compose>('infrastructure/compose.yaml');
const customer = readYaml<Compose>('infrastructure/compose.customer.yaml').services;
const OWN = ['oracle', 'alerter', 'dashboard'];

const needs = (stack: Readonly<Record<string, Service>>, name: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(stack[name]?.depends_on ?? {}).map(([on, { condition }]) => [on, condition]));

describe('compose.yaml', () => {
  it('starts postgres, oracle, alerter, dashboard, each when the one before is healthy', () => {
    expect(needs(services, 'postgres')).toEqual({});
    expect(needs(services, 'oracle')).toEqual({ postgres: 'service_healthy' });
    expect(needs(services, 'alerter')).toEqual({ postgres: 'service_healthy', oracle: 'service_healthy' });
    expect(needs(services, 'dashboard')).toEqual({ postgres: 'service_healthy', alerter: 'service_healthy' });
  });

  it.each(Object.entries(services))(
    'keeps %s small, on its network, restarted and without privileges',
    (_name, service) => {
      const { restart, networks: on, cap_drop, security_opt, cpus, mem_limit, stop_grace_period } = service;
      expect(restart).toBe('unless-stopped');
      expect(Array.isArray(on) ? on : Object.keys(on ?? {})).toEqual(['nps-network']);
      expect(cap_drop).toEqual(['ALL']);
      expect(security_opt).toContain('no-new-privileges:true');
      expect(cpus).toBe(1);
      expect(mem_limit).toBe(service.profiles?.includes('logs') && !service.read_only ? '2g' : '1g');
      expect(stop_grace_period).toBe('10s');
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    },
  );

  it('names its network', () => {
    expect(networks['nps-network']?.name).toBe('nps-network');
  });

  it.each([...OWN, 'postgres', 'prometheus', 'alertmanager', 'grafana', 'filebeat'])(
    'gives %s a read-only root',
    (name) => {
      expect(services[name]?.read_only).toBe(true);
      expect(services[name]?.tmpfs?.some((mount) => mount.startsWith('/tmp:'))).toBe(true);
    },
  );

  it('checks the health of everything that does not bring its own check', () => {
    const without = Object.entries(services).filter(([, service]) => !service.healthcheck && !service.build);
    expect(without.map(([name]) => name)).toEqual([]);
  });

  it('has the two profiles', () => {
    const inProfile = (profile: string) =>
      Object.keys(services).filter((name) => services[name]?.profiles?.includes(profile));
    expect(inProfile('monitoring')).toEqual(['prometheus', 'alertmanager', 'grafana']);
    expect(inProfile('logs')).toEqual(['elasticsearch', 'kibana', 'filebeat']);
  });

  it('mounts only what exists', () => {
    const { existsSync } = process.getBuiltinModule('node:fs');
    const sources = Object.values({ ...services, ...customer })
      .flatMap(({ volumes = [] }) => volumes)
      .map((volume) => /^(\.\/[^:]+)/.exec(volume)?.[1] ?? '')
      .filter((source) => source !== '');
    expect(sources.length).toBeGreaterThan(6);
    expect(sources.filter((source) => !existsSync(`${ROOT}infrastructure/${source}`))).toEqual([]);
  });
});

describe('compose.customer.yaml', () => {
  it('starts postgres, then oracle and scanner, then api, then web-ui', () => {
    expect(needs(customer, 'scanner')).toEqual({ postgres: 'service_healthy' });
    expect(needs(customer, 'api')).toEqual({ oracle: 'service_healthy', scanner: 'service_healthy' });
    expect(needs(customer, 'web-ui')).toEqual({ api: 'service_healthy' });
  });

  it('does not let the alerter wait until what it watches is well', () => {
    expect(needs(customer, 'alerter')['oracle']).toBe('service_started');
  });

  it.each(['oracle', 'scanner', 'api', 'web-ui'])('takes the image of %s by variable and checks its health', (name) => {
    expect(customer[name]?.image).toMatch(/^\$\{[A-Z_]+_IMAGE:\?/);
    expect(customer[name]?.healthcheck?.test[0]).toBe('CMD-SHELL');
  });

  it('probes where their plan says', () => {
    const probe = (name: string) => customer[name]?.healthcheck?.test[1] ?? '';
    expect(probe('oracle')).toMatch(/:9090\/health http:\/\/127\.0\.0\.1:8052\/health/);
    expect(probe('scanner')).toContain('grpc://127.0.0.1:50051');
    expect(probe('api')).toContain('/api/health');
  });
});

/** The plugin, or the older program: as infrastructure/scripts/compose.sh takes them. */
const plugin = run('docker', ['compose', 'version']).status === 0;
const compose = plugin || has('docker-compose', 'whether compose takes the files, alone and overlaid');
(compose ? describe : describe.skip)('the compose program', () => {
  const images = Object.fromEntries(['ORACLE', 'SCANNER', 'API', 'WEB_UI'].map((name) => [`${name}_IMAGE`, 'node:22']));
  const config = (env: NodeJS.ProcessEnv, ...overlays: readonly string[]) =>
    run('infrastructure/scripts/compose.sh', ['--profile', 'monitoring', '--profile', 'logs', 'config'], {
      ENV_FILE: `${ROOT}.env.example`,
      COMPOSE_OVERLAYS: overlays.join(' '),
      ...env,
    });

  it('takes the files, alone and with each overlay', () => {
    const env = { POSTGRES_PASSWORD: 'test', ...images };
    for (const overlays of [[], ['compose.customer.yaml'], ['compose.secrets.yaml']])
      expect(config(env, ...overlays)).toMatchObject({ status: 0 });
  });

  it('says which variable is missing', () => {
    expect(config({})).toMatchObject({ status: 1, output: expect.stringContaining('set POSTGRES_PASSWORD in .env') });
    expect(config({ POSTGRES_PASSWORD: 'test' }, 'compose.customer.yaml').output).toContain('set ORACLE_IMAGE in .env');
  });
});

describe('the files of the stack', () => {
  it('are all known here', () => {
    expect(listFiles('infrastructure', /compose[^/]*\.yaml$/)).toEqual([
      'infrastructure/compose.customer.yaml',
      'infrastructure/compose.secrets.yaml',
      'infrastructure/compose.yaml',
    ]);
  });
});
