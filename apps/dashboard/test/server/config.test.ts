import { describe, expect, it } from '@jest/globals';
import { type DashboardConfig, readConfig } from '../../src/server/config.js';

/** No literal may look like a secret. */
const longToken = 'k'.repeat(24);

function configOf(env: Readonly<Record<string, string>>): DashboardConfig {
  const parsed = readConfig(env);
  if (parsed.outcome === 'faults') throw new Error(parsed.faults.join('; '));
  return parsed.config;
}

function faultsOf(env: Readonly<Record<string, string>>, read?: (path: string) => string): readonly string[] {
  const parsed = readConfig(env, read);
  return parsed.outcome === 'faults' ? parsed.faults : [];
}

describe('readConfig', () => {
  it('listens on loopback port 9000 and lets anybody there read', () => {
    expect(configOf({})).toMatchObject({
      port: 9000,
      host: '127.0.0.1',
      reading: 'anonymous',
      databaseUrl: null,
      collectIntervalMs: 5000,
    });
  });

  it('takes a secret of links from a variable or a file, but none that could be guessed', () => {
    expect(configOf({}).ackLinkSecret).toBeNull();
    expect(configOf({ ACK_LINK_SECRET: 'x'.repeat(32) }).ackLinkSecret).toBe('x'.repeat(32));
    const [fault = ''] = faultsOf({ ACK_LINK_SECRET_FILE: 'secret' }, () => `${'x'.repeat(31)}\n`);
    expect(fault).toMatch(/^ACK_LINK_SECRET: expected at least 32 characters/);
    expect(fault).not.toContain('xxx');
  });

  it('freezes what it read', () => {
    expect(Object.isFrozen(configOf({}))).toBe(true);
  });

  it.each(['0.0.0.0', '::', '10.0.0.4', 'monitor.example'])(
    'refuses to be reachable on %s without a sign-in',
    (host) => {
      expect(faultsOf({ DASHBOARD_HOST: host })).toEqual([expect.stringContaining('DASHBOARD_TOKEN')]);
    },
  );

  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('takes %s for this machine alone', (host) => {
    expect(configOf({ DASHBOARD_HOST: host }).reading).toBe('anonymous');
  });

  it('lets nobody read without signing in once others can reach it', () => {
    expect(configOf({ DASHBOARD_HOST: '0.0.0.0', DASHBOARD_TOKEN: longToken }).reading).toBe('signed_in');
  });

  it('shows everything to everyone only when told so', () => {
    expect(configOf({ DASHBOARD_HOST: '0.0.0.0', DASHBOARD_ALLOW_ANONYMOUS: 'on' }).reading).toBe('anonymous');
    expect(faultsOf({ DASHBOARD_HOST: '0.0.0.0', DASHBOARD_ALLOW_ANONYMOUS: 'true' })).toHaveLength(1);
  });

  it('reports all faults at once', () => {
    const faults = faultsOf({
      DASHBOARD_PORT: '70000',
      ALERT_COLLECT_INTERVAL: 'soon',
      ORACLE_HTTP_URL: 'ftp://x',
      SLO_TARGET_PERCENT: '100',
      DASHBOARD_USER: 'ann',
      DASHBOARD_TOKEN: 'short',
      DASHBOARD_PROXY_HEADER: 'a b',
    });
    expect(faults.map((fault) => fault.split(/[ :]/, 1)[0])).toEqual([
      'DASHBOARD_TOKEN',
      'DASHBOARD_USER',
      'DASHBOARD_PROXY_HEADER',
      'DASHBOARD_PORT',
      'ORACLE_HTTP_URL',
      'ALERT_COLLECT_INTERVAL',
      'SLO_TARGET_PERCENT',
    ]);
  });

  it('never repeats a secret in a fault', () => {
    expect(faultsOf({ DASHBOARD_TOKEN: 'tiny' }).join()).not.toContain('tiny');
  });

  it('reads secrets from files as well', () => {
    const parsed = readConfig({ DASHBOARD_TOKEN_FILE: '/run/token' }, (path) =>
      path === '/run/token' ? `${longToken}\n` : '',
    );
    expect(parsed).toMatchObject({ outcome: 'config', config: { signIn: { token: longToken } } });
  });

  it('lets the targets file name the database whose address came from a file', () => {
    const parsed = readConfig({ DATABASE_URL_FILE: '/run/url' }, () => 'postgres://db/nps\n');
    expect(parsed).toMatchObject({ config: { environment: { DATABASE_URL: 'postgres://db/nps' } } });
  });

  it('says that a secret file is empty or missing, without its path’s content', () => {
    expect(faultsOf({ DATABASE_URL_FILE: '/x' }, () => ' ')).toEqual([expect.stringContaining('empty')]);
    expect(faultsOf({ DATABASE_URL_FILE: '/definitely/not/there' })).toEqual([expect.stringContaining('ENOENT')]);
  });

  it('takes a short password for none', () => {
    expect(faultsOf({ DASHBOARD_USER: 'ann', DASHBOARD_PASSWORD: 'x' })).toEqual([
      expect.stringContaining('DASHBOARD_PASSWORD'),
    ]);
  });

  it('believes a proxy’s header only from addresses that were named', () => {
    expect(
      configOf({ DASHBOARD_PROXY_HEADER: 'X-Forwarded-User', DASHBOARD_TRUSTED_PROXIES: '10.0.0.2, 10.0.0.3' }).signIn
        .proxy,
    ).toEqual({ header: 'x-forwarded-user', trusted: ['10.0.0.2', '10.0.0.3'] });
  });
});
