import { describe, expect, it } from '@jest/globals';
import { readDefaults } from '../src/config.js';
import { createLogger, LoggerError, readLogConfigs } from '../src/index.js';
import { type LoggerOptions, resolveOptions } from '../src/options.js';

const defaults = readDefaults('oracle', {}, false);

describe('options', () => {
  it('have the defaults of the specification', () => {
    expect(resolveOptions({ service: 'oracle' }, defaults)).toMatchObject({
      directory: '/app/logs',
      fileName: 'oracle',
      level: 'info',
      console: 'json',
      maxSizeBytes: 10_000_000,
      backups: 5,
      errorFile: true,
      profile: 'oracle',
      rotation: 'size',
      retentionDays: 30,
      name: 'oracle',
    });
    expect(resolveOptions({ service: 'x', profile: 'alerts' }, defaults)).toMatchObject({
      fileName: 'alerts',
      level: 'warn',
      maxSizeBytes: 5_000_000,
      backups: 5,
      errorFile: false,
    });
  });

  it.each([
    [{ service: '' }, 'INVALID_OPTION', 'Expected `service`'],
    [{ service: '../etc' }, 'INVALID_OPTION', 'Expected `service`'],
    [{ service: undefined }, 'INVALID_OPTION', 'Expected `service`'],
    [{ service: 'a', level: 'loud' }, 'UNKNOWN_LEVEL', 'got "loud"'],
    [{ service: 'a', level: 5 }, 'UNKNOWN_LEVEL', 'got number'],
    [{ service: 'a', maxSizeBytes: 10 }, 'INVALID_OPTION', '`maxSizeBytes` to be a whole number from 1000 to'],
    [{ service: 'a', backups: 1.5 }, 'INVALID_OPTION', '`backups`'],
    [{ service: 'a', retentionDays: 0 }, 'INVALID_OPTION', '`retentionDays`'],
    [{ service: 'a', console: 'loud' }, 'INVALID_OPTION', '`console` to be one of'],
    [{ service: 'a', profile: 'xml' }, 'INVALID_OPTION', '`profile` to be one of'],
    [{ service: 'a', rotation: 'hourly' }, 'INVALID_OPTION', '`rotation` to be one of'],
  ])('%j are refused as %s', (options, code, message) => {
    const resolve = () => resolveOptions(options as unknown as LoggerOptions, defaults);
    expect(resolve).toThrow(LoggerError);
    expect(resolve).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });

  it('that are no object at all are refused clearly', () => {
    expect(() => createLogger(undefined as never)).toThrow('Expected `service`');
  });
});

describe('the environment', () => {
  it('gives each service its folder, level and console', () => {
    const env = {
      LOG_DIR: '/var/log/nps',
      LOG_LEVEL: 'WARN',
      ORACLE_LOG_LEVEL: 'DEBUG',
      API_LOG_LEVEL: 'ERROR',
      LOG_RETENTION_DAYS: '7',
    };
    const configs = readLogConfigs(env);
    expect(configs.oracle).toMatchObject({
      service: 'oracle',
      directory: '/var/log/nps',
      level: 'DEBUG',
      console: 'json',
      retentionDays: 7,
    });
    expect(configs.scanner).toMatchObject({ service: 'scanner', level: 'WARN' });
    expect(configs.api).toMatchObject({ service: 'api', level: 'ERROR' });
    expect(configs.alerts).toMatchObject({ profile: 'alerts', level: 'WARN' });
    for (const config of Object.values(configs)) expect(() => resolveOptions(config, defaults)).not.toThrow();
  });

  it('prefers ORACLE_LOG_DIR, and shows pretty lines on a terminal outside of production', () => {
    expect(readDefaults('oracle', { ORACLE_LOG_DIR: '/a', LOG_DIR: '/b' }, true)).toMatchObject({
      directory: '/a',
      console: 'pretty',
    });
    expect(readDefaults('oracle', { NODE_ENV: 'production' }, true)).toMatchObject({ console: 'json' });
    expect(readDefaults('my-service', { MY_SERVICE_LOG_LEVEL: 'ERROR' }, undefined)).toMatchObject({ level: 'ERROR' });
  });
});
