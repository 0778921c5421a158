import { describe, expect, it } from '@jest/globals';
import { defaultRules, parseChannels, parseMaintenance, parseRoutes, parseRules } from '../../src/index.js';

const minimal = {
  name: 'queue',
  signal: 'queue_length',
  comparison: 'above',
  threshold: 100,
  unit: 'count',
  severity: 'warning',
  summary: '{service} queue {value}',
};

function faultsOf(parsed: object): readonly string[] {
  return 'faults' in parsed ? (parsed.faults as readonly string[]) : [];
}

describe('parseRules', () => {
  it('takes the default rules as they are, from JSON and back', () => {
    const rules = defaultRules({ aiBudgetUsd: 1, responseSeconds: 2 });
    expect(parseRules(JSON.parse(JSON.stringify(rules)))).toEqual({ rules });
  });

  it('takes a rule with the required fields alone', () => {
    expect(parseRules([minimal])).toEqual({ rules: [minimal] });
  });

  it('tells every fault at once, with its place, what was expected and what came', () => {
    const faults = faultsOf(
      parseRules([
        {
          ...minimal,
          name: 'Bad Name',
          threshold: 'ten',
          severity: 'loud',
          extra: 1,
          by: 'job',
          labels: { a: 1 },
          confirmations: 0,
        },
        null,
        { ...minimal, forSeconds: -1, repeatSeconds: 1, minimumErrors: true, orSignal: [], services: [] },
      ]),
    );
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^rules\[0\]: "extra" is not a field; known are name, signal/),
        'rules[0].name: expected a name of a-z, 0-9 and _ that begins with a letter, got "Bad Name"',
        'rules[0].threshold: expected a number from -1000000000000000 to 1000000000000000, got "ten"',
        'rules[0].severity: expected one of critical, error, warning, info, got "loud"',
        'rules[0].by: expected a list of texts, got "job"',
        'rules[0].labels: expected an object of texts, got an object',
        'rules[0].confirmations: expected a whole number from 1 to 1000, got 0',
        'rules[1]: expected an object, got null',
        'rules[1].name: expected a name of a-z, 0-9 and _ that begins with a letter, got nothing',
        'rules[2].forSeconds: expected a number from 0 to 604800, got -1',
        'rules[2].repeatSeconds: expected a number from 60 to 604800, got 1',
        'rules[2].minimumErrors: expected a whole number from 1 to 1000000000, got true',
        'rules[2].orSignal: expected text that is not empty, got a list of 0',
        'rules[2].services: expected a list of texts, got a list of 0',
      ]),
    );
  });

  it('refuses what is well-formed and can never work', () => {
    const check = (more: object): string => faultsOf(parseRules([{ ...minimal, ...more }])).join();
    expect(check({ clearThreshold: 101 })).toContain('expected a value on the good side of the threshold 100, got 101');
    expect(check({ comparison: 'below', clearThreshold: 99 })).toContain('good side');
    expect(check({ clearThreshold: 90 })).toBe('');
    expect(check({ each: 'id', by: ['job'] })).toContain('cannot be combined');
    expect(check({ orSignal: 'other' })).toContain('needs "each"');
    expect(check({ minimumEvents: 20 })).toContain('needs "over"');
    expect(faultsOf(parseRules([minimal, minimal]))).toEqual(['rules: the name "queue" is used more than once']);
  });

  it.each([[null], [{}], ['rules'], [Array.from({ length: 501 }, () => minimal)]])(
    'refuses what is no list of rules',
    (value) => {
      expect(faultsOf(parseRules(value))).toHaveLength(1);
    },
  );

  it('is not led astray by names of the prototype, and shows long values cut', () => {
    const value = JSON.parse('[{"__proto__": {"name": "x"}, "constructor": 1}]') as unknown;
    expect(faultsOf(parseRules(value)).join()).toContain('"__proto__" is not a field');
    expect(faultsOf(parseRules([{ ...minimal, name: 'N'.repeat(5000) }])).join().length).toBeLessThan(300);
    expect(faultsOf(parseRules([{ ...minimal, name: () => 1 }])).join()).toContain('a value of type function');
  });
});

describe('parseRoutes', () => {
  it('takes routes and checks their channels', () => {
    const routes = [
      { severities: ['critical'], services: ['oracle'], rules: ['down'], channels: ['telegram'], fallback: 'slack' },
    ];
    expect(parseRoutes(routes, ['telegram', 'slack'])).toEqual({ routes });
    expect(parseRoutes([{ channels: ['telegram'] }])).toEqual({ routes: [{ channels: ['telegram'] }] });
    expect(faultsOf(parseRoutes([{ channels: ['telegarm'], fallback: 'slakc' }], ['telegram']))).toEqual([
      'routes[0]: "telegarm" is not a configured channel; there are telegram',
      'routes[0]: "slakc" is not a configured channel; there are telegram',
    ]);
    expect(faultsOf(parseRoutes([{ channels: ['a'] }], []))[0]).toContain('there are none');
  });

  it('tells every fault at once', () => {
    expect(faultsOf(parseRoutes([{ channels: [], severities: ['loud'], to: 1 }, 3]))).toHaveLength(5);
    expect(faultsOf(parseRoutes('x'))).toEqual(['routes: expected a list of at most 500 routes']);
  });
});

describe('parseMaintenance', () => {
  it('takes weekly windows', () => {
    const maintenance = [
      {
        matcher: { service: 'oracle', rule: 'down', severity: 'critical' },
        weekdays: [0, 6],
        startsAtUtc: '03:30',
        durationMinutes: 60,
        comment: 'backup',
      },
      { matcher: {}, startsAtUtc: '00:00', durationMinutes: 1 },
    ];
    expect(parseMaintenance(maintenance)).toEqual({ maintenance });
  });

  it('tells every fault at once', () => {
    const wrong = [{ matcher: { severity: 'x' }, weekdays: [7], startsAtUtc: '24:00', durationMinutes: 0 }];
    expect(faultsOf(parseMaintenance(wrong))).toHaveLength(4);
    expect(faultsOf(parseMaintenance({}))).toHaveLength(1);
  });
});

describe('parseChannels', () => {
  it('builds every kind by its name or its kind', () => {
    const parsed = parseChannels({
      telegram: { token: '1:abc', chatId: 1 },
      ops: { kind: 'slack', url: 'https://hooks.test/x' },
      page: { kind: 'pagerduty', routingKey: 'r'.repeat(32) },
      mail: { kind: 'email', host: 'h', from: 'a@b.c', to: ['d@e.f'] },
      hook: { kind: 'webhook', url: 'http://x' },
      alertmanager: { url: 'http://am:9093/' },
    });
    if ('faults' in parsed) throw new Error(parsed.faults.join());
    expect(Object.entries(parsed.notifiers).map(([name, notifier]) => `${name}:${notifier.kind}`)).toEqual([
      'telegram:telegram',
      'ops:slack',
      'page:pagerduty',
      'mail:email',
      'hook:webhook',
      'alertmanager:alertmanager',
    ]);
  });

  it('tells every fault of every channel at once', () => {
    const parsed = parseChannels({ 'Bad Name': {}, pigeon: {}, slack: {}, telegram: null });
    expect(faultsOf(parsed)).toHaveLength(4);
    expect(faultsOf(parseChannels([]))).toHaveLength(1);
  });

  it('lets faults that are none of the options through', () => {
    const broken = {
      kind: 'broken',
      configure: () => {
        throw new TypeError('a bug');
      },
    };
    expect(() => parseChannels({ broken: {} }, {}, [broken])).toThrow('a bug');
  });
});
