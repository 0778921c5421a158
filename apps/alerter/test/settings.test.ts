import { describe, expect, it } from '@jest/globals';
import { type AlerterConfig, readConfig } from '../src/config.js';
import { parseSettings, parseSettingsText, type Settings } from '../src/settings.js';

const ORACLE = { name: 'oracle', kind: 'service', url: 'http://oracle.test:9090' };
const TOKEN = ['12345', 'letters'].join(':');

function config(env: Record<string, string> = {}): AlerterConfig {
  const result = readConfig(env);
  if ('faults' in result) throw new Error(result.faults.join());
  return result.config;
}

function settingsOf(value: unknown, env: Record<string, string> = {}): Settings {
  const parsed = parseSettings(value, config(env));
  if ('faults' in parsed) throw new Error(parsed.faults.join('\n'));
  return parsed.settings;
}

function faultsOf(value: unknown, env: Record<string, string> = {}): readonly string[] {
  const parsed = parseSettings(value, config(env));
  return 'faults' in parsed ? parsed.faults : [];
}

describe('the configuration file', () => {
  it('needs nothing but targets: the default rules hold, with the thresholds of the environment', () => {
    const settings = settingsOf(
      { targets: [ORACLE] },
      { ALERT_THRESHOLD_DISK: '80', ALERT_THRESHOLD_JOB_FAILURES: '5' },
    );
    expect(settings.targets.map(({ name }) => name)).toEqual(['oracle']);
    expect(settings.rules.find(({ name }) => name === 'disk')?.threshold).toBe(0.8);
    expect(settings.rules.find(({ name }) => name === 'job_failed')?.threshold).toBe(4);
    expect(settings.notifiers).toEqual({});
  });

  it('takes rules, channels, routes and maintenance, with secrets from the environment', () => {
    const settings = settingsOf(
      {
        $schema: './configuration.schema.json',
        targets: [ORACLE, { name: 'db', kind: 'postgres', url: '${DB_URL}' }],
        rules: [
          {
            name: 'nginx_down',
            signal: 'nginx_up',
            comparison: 'below',
            threshold: 1,
            unit: 'count',
            severity: 'critical',
            summary: '{service} is down',
          },
        ],
        channels: {
          night: { kind: 'telegram', token: '${BOT}', chatId: '1' },
          hook: { kind: 'webhook', url: 'https://hook.test' },
        },
        routes: [{ severities: ['critical'], channels: ['night'], fallback: 'hook' }],
        maintenance: [{ matcher: { service: 'db' }, startsAtUtc: '02:00', durationMinutes: 60 }],
      },
      { BOT: TOKEN, DB_URL: 'postgres://u:p@db.test/x' },
    );
    expect(settings.targets[1]?.url).toBe('postgres://u:p@db.test/x');
    expect(settings.rules).toHaveLength(1);
    expect(Object.entries(settings.notifiers).map(([name, { kind }]) => [name, kind])).toEqual([
      ['night', 'telegram'],
      ['hook', 'webhook'],
    ]);
    expect(settings.routes).toEqual([{ severities: ['critical'], channels: ['night'], fallback: 'hook' }]);
    expect(settings.maintenance).toHaveLength(1);
  });

  it('has every fault of every section named at once', () => {
    const faults = faultsOf({
      targets: [{ name: 'oracle', kind: 'service', url: 'ftp://x' }, ORACLE],
      rules: [{ name: 'Bad Name', signal: 'up' }],
      channels: { night: { kind: 'pigeon' }, day: { kind: 'telegram', token: '${NOT_SET}', chatId: '1' } },
      routes: 'all',
      maintenance: [{ startsAtUtc: '25:00' }],
      colour: 'red',
    });
    for (const place of [
      '"colour" is not a section',
      'targets[0]',
      'targets: two targets',
      'rules[0]',
      'NOT_SET',
      'routes',
      'maintenance[0]',
    ]) {
      expect(faults.join('\n')).toContain(place);
    }
  });

  it('does not blame a route for channels that are faulty themselves, but does for channels that are not there', () => {
    expect(
      faultsOf({ targets: [ORACLE], channels: { night: { kind: 'pigeon' } }, routes: [{ channels: ['night'] }] }),
    ).toHaveLength(1);
    expect(faultsOf({ targets: [ORACLE], routes: [{ channels: ['night'] }] }).join()).toContain(
      '"night" is not a configured channel',
    );
  });

  it('never repeats a secret in a fault', () => {
    const secret = ['very', 'hidden', 'word'].join('-');
    const faults = faultsOf(
      {
        targets: [{ name: 'db', kind: 'redis', url: 'postgres://u:${SECRET}@db.test' }],
        channels: { a: { kind: 'telegram', token: '${SECRET} ', chatId: '' } },
      },
      { SECRET: secret },
    );
    expect(faults.length).toBeGreaterThan(1);
    expect(faults.join()).not.toContain(secret);
  });

  it.each([null, [], 'text', 5])('refuses %j in place of an object', (value) => {
    expect(faultsOf(value)).toHaveLength(1);
  });

  it('refuses an empty list of targets and a missing one', () => {
    expect(faultsOf({ targets: [] })).toEqual(['targets: expected at least one target']);
    expect(faultsOf({})).toEqual([expect.stringContaining('targets: expected a list')]);
  });

  it('cannot pollute prototypes', () => {
    const hostile: unknown = JSON.parse(
      '{"__proto__":{"polluted":1},"targets":[{"__proto__":{"polluted":1},"name":"a","kind":"http","url":"http://a.test"}]}',
    );
    parseSettings(hostile, config());
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('channels of the environment', () => {
  it.each([
    ['telegram', { NPS_BOT_TOKEN: TOKEN, NPS_CHAT_ID: '1', TELEGRAM_API_URL: 'http://127.0.0.1:1' }],
    ['slack', { SLACK_WEBHOOK_URL: 'https://hooks.slack.test/x' }],
    ['pagerduty', { PAGERDUTY_ROUTING_KEY: 'r'.repeat(32) }],
    ['webhook', { ALERT_WEBHOOK_URL: 'https://hook.test', ALERT_WEBHOOK_SECRET: 'shared' }],
  ])('make %s without a configuration file', (kind, env) => {
    expect(settingsOf({ targets: [ORACLE] }, env).notifiers[kind]?.kind).toBe(kind);
  });

  it('that are only half set are a fault that names what is missing', () => {
    expect(faultsOf({ targets: [ORACLE] }, { NPS_CHAT_ID: '1' })).toEqual([
      'NPS_CHAT_ID: set without NPS_BOT_TOKEN; the channel telegram needs all of them',
    ]);
    expect(faultsOf({ targets: [ORACLE], channels: [] }, { NPS_CHAT_ID: '1' })).toHaveLength(2);
  });

  it('stand beside those of the file, whose word counts for the same name', () => {
    const env = { NPS_BOT_TOKEN: TOKEN, NPS_CHAT_ID: '1' };
    const file = {
      targets: [ORACLE],
      channels: {
        hook: { kind: 'webhook', url: 'https://hook.test' },
        telegram: { kind: 'telegram', token: TOKEN, chatId: '2' },
      },
    };
    const settings = settingsOf(file, env);
    expect(Object.keys(settings.notifiers).sort()).toEqual(['hook', 'telegram']);
    expect(settings.channelsFingerprint).toBe(settingsOf(file, env).channelsFingerprint);
    expect(settings.channelsFingerprint).not.toBe(settingsOf({ targets: [ORACLE] }, env).channelsFingerprint);
    expect(settings.channelsFingerprint).not.toContain(TOKEN);
  });
});

describe('the text of the configuration file', () => {
  it('may be JSON or YAML', () => {
    const json = parseSettingsText(JSON.stringify({ targets: [ORACLE] }), 'a.json', config());
    const yaml = parseSettingsText(
      'targets:\n  - { name: oracle, kind: service, url: "http://oracle.test:9090" }\n',
      'a.yaml',
      config(),
    );
    expect('settings' in json && 'settings' in yaml && yaml.settings.targets).toEqual(
      'settings' in json ? json.settings.targets : null,
    );
  });

  it.each([
    ['{"targets": [', 'a.json', 'a.json: is not valid JSON'],
    ['{\n  "targets": [}', 'a.json', 'a.json: is not valid JSON: .* at line 2'],
    ['{\n  "a": tru }', 'a.json', 'a.json: is not valid JSON: unexpected " " at line 2, column 11$'],
    ['{"a": 1,}', 'a.json', 'a.json: is not valid JSON: unexpected "}" at line 1, column 9$'],
    ['{"a": "b', 'a.json', 'a.json: is not valid JSON: it ends too early at line 1, column 9$'],
    ['{\n"a": 1,\n\t"a": 2}', 'a.json', 'a.json: is not valid JSON: a key stands twice in one object at line 3'],
    ['', 'a.yaml', 'a.yaml: the file is empty$'],
    ['\ufeff \n', 'a.json', 'a.json: the file is empty$'],
    ['# nothing', 'a.yaml', 'a.yaml: expected an object with targets'],
    ['['.repeat(50_000), 'a.yaml', 'a.yaml: is nested too deep$'],
    [`{"channels": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'a.json', 'a.json: is nested too deep$'],
    ['targets: [', 'a.yaml', 'a.yaml: is not valid YAML'],
    ['a: 1\na: 2', 'a.yml', 'a.yml: is not valid YAML'],
  ])('that is broken (%#) is one sentence', (text, path, sentence) => {
    const parsed = parseSettingsText(text, path, config());
    expect('faults' in parsed ? parsed.faults : []).toEqual([
      expect.stringMatching(new RegExp(sentence.endsWith('$') ? `^${sentence}` : `^${sentence}[^\\n]+$`)),
    ]);
  });

  it.each(['a.json', 'a.yaml'])('may begin with a byte order mark: %s', (path) => {
    const text = `\ufeff${JSON.stringify({ targets: [ORACLE] })}`;
    expect('settings' in parseSettingsText(text, path, config())).toBe(true);
  });

  it('may take over what its targets share by merge keys', () => {
    const text = `targets:
  - &one { name: a, kind: service, url: "http://a.test" }
  - { <<: *one, name: b }
`;
    const parsed = parseSettingsText(text, 'a.yaml', config());
    expect('settings' in parsed && parsed.settings.targets.map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'service'],
      ['b', 'service'],
    ]);
  });

  it('is not a bomb: thousands of aliases are refused', () => {
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(20)}]\nc: &c [${'*b,'.repeat(20)}]\ntargets: [${'*c,'.repeat(20)}]\n`;
    const parsed = parseSettingsText(bomb, 'a.yaml', config());
    expect('faults' in parsed).toBe(true);
  });
});
