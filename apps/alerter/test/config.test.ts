import { describe, expect, it } from '@jest/globals';
import { type AlerterConfig, readConfig } from '../src/config.js';

function configOf(env: Record<string, string | undefined>): AlerterConfig {
  const result = readConfig(env);
  if ('faults' in result) throw new Error(result.faults.join('\n'));
  return result.config;
}

function faultsOf(env: Record<string, string | undefined>): readonly string[] {
  const result = readConfig(env);
  return 'faults' in result ? result.faults : [];
}

describe('the configuration from the environment', () => {
  it('has the documented defaults when nothing is set', () => {
    expect(configOf({})).toMatchObject({
      databaseUrl: null,
      oracleHttpUrl: 'http://oracle-service:9090',
      configPath: null,
      host: '127.0.0.1',
      port: 9095,
      collectIntervalMs: 5000,
      checkIntervalMs: 10_000,
      cooldownMs: 300_000,
      thresholds: { diskRatio: 0.9, memoryRatio: 0.9, jobFailures: 3 },
      heartbeat: null,
      logLevel: 'INFO',
    });
  });

  it('takes every documented variable', () => {
    const config = configOf({
      DATABASE_URL: 'postgres://db.test/nps',
      ORACLE_HTTP_URL: 'http://oracle.test:9090',
      NPS_CONFIG: 'targets.yaml',
      ALERTER_HOST: '::1',
      ALERTER_PORT: '0',
      ALERT_COLLECT_INTERVAL: '2.5',
      ALERT_CHECK_INTERVAL: '20',
      ALERT_COOLDOWN: '0',
      ALERT_THRESHOLD_DISK: '85',
      ALERT_THRESHOLD_MEMORY: '97.5',
      ALERT_THRESHOLD_JOB_FAILURES: '5',
      DASHBOARD_URL: 'https://dashboard.test',
      ALERT_HEARTBEAT_URL: 'https://beat.test/x',
      ALERT_HEARTBEAT_INTERVAL: '30',
      ALERT_CONNECTIVITY_URLS: 'tcp://gateway.test:53, https://edge.test',
      LOG_LEVEL: 'warn',
      LOG_DIR: 'logs',
      HEALTH_TOKEN: 'open',
      ACK_LINK_SECRET: 'links-'.repeat(6),
    });
    expect(config).toMatchObject({
      databaseUrl: 'postgres://db.test/nps',
      oracleHttpUrl: 'http://oracle.test:9090',
      configPath: 'targets.yaml',
      host: '::1',
      port: 0,
      collectIntervalMs: 2500,
      checkIntervalMs: 20_000,
      cooldownMs: 0,
      thresholds: { diskRatio: 0.85, memoryRatio: 0.975, jobFailures: 5 },
      dashboardUrl: 'https://dashboard.test',
      heartbeat: { url: 'https://beat.test/x', intervalMs: 30_000 },
      connectivityUrls: ['tcp://gateway.test:53', 'https://edge.test'],
      logLevel: 'WARN',
      logDirectory: 'logs',
      healthToken: 'open',
      ackLinkSecret: 'links-'.repeat(6),
    });
  });

  it('names every fault at once, each with what was expected and what came', () => {
    const faults = faultsOf({
      DATABASE_URL: 'mysql://db.test/nps',
      ALERTER_PORT: '70000',
      ALERT_CHECK_INTERVAL: 'often',
      ALERT_COOLDOWN: '-1',
      ALERT_THRESHOLD_DISK: '0.9',
      LOG_LEVEL: 'LOUD',
    });
    expect(faults).toHaveLength(6);
    expect(faults.join('\n')).toContain(
      'ALERTER_PORT: expected a whole number from 0 to 65535 (default 9095), got "70000"',
    );
    expect(faults.join('\n')).toContain(
      'ALERT_CHECK_INTERVAL: expected seconds from 1 to 300 (default 10), got "often"',
    );
    expect(faults.join('\n')).toContain('ALERT_THRESHOLD_DISK: expected a percentage from 2 to 100');
  });

  it.each(['', ' ', '\t'])('takes %j for a variable that is not set', (blank) => {
    expect(configOf({ ALERT_COOLDOWN: blank, DATABASE_URL: blank }).cooldownMs).toBe(300_000);
  });

  it.each(['1e3', '0x10', 'NaN', 'Infinity', '10s', '1,5', '１０'])('does not take %j for a number', (raw) => {
    expect(faultsOf({ ALERT_COOLDOWN: raw })).toHaveLength(1);
  });

  it('never repeats a password that stands in a faulty address', () => {
    const password = ['hidden', 'word'].join('-');
    expect(faultsOf({ DATABASE_URL: `mysql://user:${password}@db.test/nps` }).join()).not.toContain(password);
  });

  it('does not take a secret of links that could be guessed, and says how to make one without repeating it', () => {
    const [fault = ''] = faultsOf({ ACK_LINK_SECRET: 'x'.repeat(31) });
    expect(fault).toMatch(/^ACK_LINK_SECRET: expected at least 32 characters; make one with `openssl rand/);
    expect(fault).not.toContain('xxx');
    expect(faultsOf({ ACK_LINK_SECRET: 'x'.repeat(32) })).toEqual([]);
  });

  it('cannot be changed afterwards', () => {
    const config = configOf({});
    expect(Object.isFrozen(config) && Object.isFrozen(config.thresholds) && Object.isFrozen(config.variables)).toBe(
      true,
    );
  });

  it('lets --config go before NPS_CONFIG', () => {
    const result = readConfig({ NPS_CONFIG: 'from-environment.json' }, 'from-command-line.json');
    expect(result).toMatchObject({ config: { configPath: 'from-command-line.json' } });
  });
});
