import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../src/config.js';
import { readLoadConfig } from '../src/load/config.js';
import { VERSION } from '../src/version.js';

const DATABASE_URL = 'postgres://nps@localhost/nps';

describe('configuration of the Oracle', () => {
  it('needs a database and nothing else', () => {
    expect(readConfig({ DATABASE_URL })).toEqual({
      databaseUrl: DATABASE_URL,
      host: '127.0.0.1',
      grpcPort: 50_052,
      apiPort: 8000,
      sidecarPort: 9090,
      ai: null,
      logDirectory: null,
      logLevel: 'INFO',
      environment: 'development',
      healthToken: null,
      faults: 'off',
      jobIntervalMs: 3_600_000,
      drainMs: 500,
    });
  });

  it('reads every variable the README names', () => {
    const config = readConfig({
      DATABASE_URL,
      ORACLE_HOST: '0.0.0.0',
      ORACLE_GRPC_PORT: '1',
      ORACLE_API_PORT: '2',
      ORACLE_HTTP_PORT: '3',
      ANTHROPIC_API_KEY: 'k',
      AI_API_URL: 'http://ai.internal/',
      AI_MODEL: 'claude-sonnet-5-5',
      AI_TIMEOUT: '5',
      AI_CALLS_PER_HOUR: '7',
      LOG_DIR: '/logs',
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      HEALTH_TOKEN: 't',
      ORACLE_FAULTS: 'ON',
      ORACLE_JOB_INTERVAL: '60',
      ORACLE_DRAIN_MS: '0',
    });
    expect(config).toEqual({
      databaseUrl: DATABASE_URL,
      host: '0.0.0.0',
      grpcPort: 1,
      apiPort: 2,
      sidecarPort: 3,
      ai: { url: 'http://ai.internal/', apiKey: 'k', model: 'claude-sonnet-5-5', timeoutMs: 5000, callsPerHour: 7 },
      logDirectory: '/logs',
      logLevel: 'WARN',
      environment: 'production',
      healthToken: 't',
      faults: 'on',
      jobIntervalMs: 60_000,
      drainMs: 0,
    });
  });

  it('names every fault at once and repeats no value that may be secret', () => {
    const env = {
      DATABASE_URL: 'mysql://root:hunter2@db',
      ORACLE_GRPC_PORT: 'fifty',
      ORACLE_API_PORT: '70000',
      LOG_LEVEL: 'loud',
      ORACLE_FAULTS: 'yes',
      AI_API_URL: 'ftp://user:hunter2@x',
    };
    const refuse = () => readConfig(env);
    expect(refuse).toThrow(expect.objectContaining({ code: 'CONFIGURATION' }));
    for (const name of Object.keys(env)) expect(refuse).toThrow(name);
    expect(refuse).not.toThrow('hunter2');
  });

  it('reads secrets from the files their _FILE twins name; a value set directly wins', () => {
    const files: Readonly<Record<string, string>> = { '/run/db': `${DATABASE_URL}\n`, '/run/key': 'from-file\n' };
    const readText = (path: string) => files[path] ?? '';
    const config = readConfig(
      { DATABASE_URL_FILE: '/run/db', ANTHROPIC_API_KEY_FILE: '/run/key', AI_MODEL: 'm' },
      readText,
    );
    expect([config.databaseUrl, config.ai?.apiKey]).toEqual([DATABASE_URL, 'from-file']);
    expect(
      readConfig({ DATABASE_URL, ANTHROPIC_API_KEY: 'direct', ANTHROPIC_API_KEY_FILE: '/run/key' }, readText).ai
        ?.apiKey,
    ).toBe('direct');
  });

  it('says which secret file cannot be read', () => {
    expect(() => readConfig({ DATABASE_URL, ANTHROPIC_API_KEY_FILE: '/nowhere/key' })).toThrow(
      'ANTHROPIC_API_KEY_FILE: cannot read',
    );
  });

  it('has the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(version);
  });
});

describe('configuration of the load', () => {
  it('needs nothing', () => {
    expect(readLoadConfig({})).toMatchObject({
      apiUrl: 'http://127.0.0.1:8000',
      grpcAddress: '127.0.0.1:50052',
      perMinute: 30,
      seed: 1,
      durationMs: 0,
    });
  });

  it('looks for gRPC on the host of the API unless it is told the address', () => {
    expect(readLoadConfig({ ORACLE_API_URL: 'http://oracle:8000/' })).toMatchObject({
      apiUrl: 'http://oracle:8000',
      grpcAddress: 'oracle:50052',
    });
    expect(readLoadConfig({ ORACLE_GRPC_ADDRESS: 'grpc://other:1' }).grpcAddress).toBe('other:1');
  });

  it('names every fault at once', () => {
    const refuse = () =>
      readLoadConfig({ ORACLE_API_URL: 'oracle', LOAD_PER_MINUTE: '0', LOAD_SEED: 'x', ORACLE_GRPC_ADDRESS: 'a b' });
    for (const name of ['ORACLE_API_URL', 'LOAD_PER_MINUTE', 'LOAD_SEED', 'ORACLE_GRPC_ADDRESS'])
      expect(refuse).toThrow(name);
  });
});
