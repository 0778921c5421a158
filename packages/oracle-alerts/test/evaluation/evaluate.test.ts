import { describe, expect, it } from '@jest/globals';
import { allAlerts, defaultRules, evaluate, type Observation, type Rule } from '../../src/index.js';
import { BASE, errors, every, fresh, observe, play } from './timeline.js';

const bad = (second: number, more = {}): Observation =>
  observe(second, 'up', 0, { labels: { reason: 'refused' }, detail: 'no', ...more });
const good = (second: number, more = {}): Observation => observe(second, 'up', 1, more);
const down = (from: number, to: number, more = {}): readonly Observation[] =>
  every(10, from, to, 'up', 0, { detail: 'no', ...more });

function ruleOf(more: Partial<Rule>): Rule {
  return {
    name: 'rule',
    signal: 'figure',
    comparison: 'above',
    threshold: 10,
    unit: 'count',
    severity: 'warning',
    summary: '{service} {value}',
    ...more,
  };
}

describe('an outage', () => {
  it('is told after two failed probes in a row and over after two good ones', () => {
    const { story, events } = play(fresh(), [bad(0), bad(3), good(60), good(63)]);
    expect(story).toEqual(['fired down@3', 'resolved down@63']);
    expect(events.at(-1)).toMatchObject({
      since: BASE,
      incident: 1,
      reason: 'refused',
      detail: 'no',
      severity: 'critical',
    });
  });

  it('is not told for single failures, however many', () => {
    const blips = Array.from({ length: 50 }, (_, index) => [bad(index * 20), good(index * 20 + 10)]).flat();
    expect(play(fresh(), blips).story).toEqual([]);
  });

  it('is not confirmed by a failure of long ago', () => {
    expect(play(fresh(), [bad(0), bad(300)]).story).toEqual([]);
    expect(play(fresh(), [bad(0), bad(300), bad(303)]).story).toEqual(['fired down@303']);
  });

  it('goes on over one good probe', () => {
    expect(play(fresh(), [bad(0), bad(3), good(10), bad(13), good(20), good(23)]).story).toEqual([
      'fired down@3',
      'resolved down@23',
    ]);
  });

  it('held by the cooldown is told when that ends, if it still lasts', () => {
    const { story } = play(fresh(), [bad(0), bad(3), good(60), good(63), ...down(100, 320)], [303]);
    expect(story).toEqual(['fired down@3', 'resolved down@63', 'held down@110', 'fired down@303']);
  });

  it('held by the cooldown and over before that ends is never told', () => {
    const { story } = play(
      fresh(),
      [bad(0), bad(3), good(60), good(63), bad(100), bad(103), good(200), good(203)],
      [303, 600],
    );
    expect(story).toEqual(['fired down@3', 'resolved down@63', 'held down@103', 'dismissed down@203']);
  });

  it('of a service with a hostile name is its own alert', () => {
    const names = ['__proto__', 'constructor', '', 'a"b\\c\u0000', '😀'];
    const { state, story } = play(
      fresh(),
      names.flatMap((service) => [bad(0, { service }), bad(3, { service })]),
    );
    expect(story).toHaveLength(names.length);
    expect(new Set(allAlerts(state).map((record) => record.key)).size).toBe(names.length);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('the error rate', () => {
  it.each([
    [5, 100, 'not'],
    [50_000, 1_000_000, 'not'],
    [50_001, 1_000_000, 'told'],
    [6, 100, 'told'],
    [1, 1, 'not'],
    [2, 19, 'not'],
    [2, 20, 'told'],
    [3, 3, 'told'],
    [3, 60, 'not'],
    [0, 0, 'not'],
    [5, 0, 'not'],
    [-5, 100, 'not'],
    [Number.NaN, 100, 'not'],
    [5, Number.POSITIVE_INFINITY, 'not'],
    [300, 100, 'told'],
  ])('of %d errors in %d operations is %s', (count, operations, word) => {
    expect(play(fresh(), errors(0, count, operations)).story).toEqual(word === 'told' ? ['fired error_rate@0'] : []);
  });

  it('is never above 100 %', () => {
    expect(play(fresh(), errors(0, 300, 100)).events.at(-1)?.value).toBe(1);
  });

  it('neither fires nor clears on figures of different ages', () => {
    const stale = [
      observe(0, 'operations', 100, { labels: { window: '300' } }),
      observe(31, 'errors', 90, { labels: { window: '300' } }),
    ];
    expect(play(fresh(), stale).story).toEqual([]);
  });

  it('stays open while nothing is said, and closes when the window is empty', () => {
    const { story, state } = play(fresh(), [...errors(0, 10, 100), ...errors(500, 0, 0)], [100, 200, 400]);
    expect(story).toEqual(['fired error_rate@0', 'resolved error_rate@500']);
    expect(allAlerts(state)[0]?.openedAt).toBeNull();
  });

  it('is no data after two windows without a word, which is not health', () => {
    const { story, state } = play(fresh(), errors(0, 10, 100), [300, 601, 700, 5000]);
    expect(story).toEqual(['fired error_rate@0', 'no_data error_rate@601']);
    expect(allAlerts(state)[0]).toMatchObject({ phase: 'no_data', announcedAt: BASE });
    expect(play(state, errors(6000, 50, 100)).story).toEqual([]);
    expect(play(state, errors(6000, 0, 100)).story).toEqual(['resolved error_rate@6000']);
  });
});

describe('slow readings', () => {
  const reading = (second: number, id: string, seconds: number, state = 'running'): Observation =>
    observe(second, 'reading_seconds', seconds, { labels: { id, state } });

  it('are told from just over 10 s, also while they run, once each', () => {
    expect(play(fresh(), [reading(0, 'a', 10), reading(10, 'b', 10.001, 'done')]).story).toEqual([
      'fired slow_reading@10',
    ]);
    const stuck = [10, 20, 30, 40].map((second) => reading(second, 'a', second));
    expect(play(fresh(), stuck, [400]).story.filter((line) => line.startsWith('fired'))).toEqual([
      'fired slow_reading@20',
    ]);
  });

  it('over while the cooldown holds them are let go, running ones are told at its end', () => {
    const over = [reading(0, 'a', 11, 'done'), reading(60, 'b', 15, 'done')];
    expect(play(fresh(), over, [100, 301, 400]).story.filter((line) => line.startsWith('fired'))).toEqual([
      'fired slow_reading@0',
    ]);
    const running = [
      reading(0, 'a', 11, 'done'),
      ...every(10, 60, 310, 'reading_seconds', 99, { labels: { id: 'b', state: 'running' } }),
    ];
    expect(play(fresh(), running).story.filter((line) => line.startsWith('fired'))).toEqual([
      'fired slow_reading@0',
      'fired slow_reading@300',
    ]);
  });

  it('are judged by the p95 of targets that publish quantiles alone', () => {
    const { story } = play(fresh(), [
      ...every(10, 0, 400, 'reading_p95_seconds', 12),
      observe(410, 'reading_p95_seconds', 9),
    ]);
    expect(story).toEqual(['fired slow_reading@0', 'resolved slow_reading@410']);
    expect(play(fresh(), every(10, 0, 100, 'reading_p95_seconds', 10)).story).toEqual([]);
  });

  it('name the longest and count the rest', () => {
    const many = Array.from({ length: 8 }, (_, index) => reading(0, `r${index}`, 11 + index));
    const fired = play(fresh(), many).events.find((event) => event.kind === 'fired');
    expect(fired).toMatchObject({ value: 18, detail: expect.stringContaining('and 3 more') });
  });

  it('without an id say nothing', () => {
    expect(play(fresh(), [observe(0, 'reading_seconds', 99)]).story).toEqual([]);
  });
});

describe('inhibition', () => {
  it('holds the warnings of a service that is down, and tells those that outlive it', () => {
    const ops = Array.from({ length: 50 }, (_, index) => errors(index * 10 + 5, 50, 100)).flat();
    const { story } = play(
      fresh(),
      [bad(0), bad(3), ...ops, good(300), good(303)].sort((a, b) => a.at - b.at),
    );
    expect(story.filter((line) => line.includes('error_rate'))).toEqual(['held error_rate@5', 'fired error_rate@305']);
  });

  it('tells a dependency that is down and holds what depends on it through any number of steps, but nothing in a circle', () => {
    const services = [
      { name: 'db', dependsOn: ['web'] },
      { name: 'api', dependsOn: ['db'] },
      { name: 'web', dependsOn: ['api', 'ghost'] },
    ];
    const cascade = ['db', 'api', 'web'].flatMap((service) => [bad(0, { service }), bad(3, { service })]);
    const acyclic = fresh({
      services: services.map(({ name, dependsOn }) => ({ name, dependsOn: name === 'db' ? [] : dependsOn })),
    });
    const sorted = cascade.sort((a, b) => a.at - b.at);
    const told = play(acyclic, sorted).events.filter((event) => event.kind === 'fired');
    expect(told.map((event) => event.service)).toEqual(['db']);
    expect(play(fresh({ services }), sorted).story.filter((line) => line.startsWith('held'))).toHaveLength(0);
    const after = [...sorted, good(60, { service: 'db' }), good(63, { service: 'db' })];
    expect(play(acyclic, after).events.filter((event) => event.kind === 'fired')).toHaveLength(1);
    const late = play(acyclic, [...after, bad(70, { service: 'api' })]).events.filter(
      (event) => event.kind === 'fired',
    );
    expect(late.map((event) => event.service)).toEqual(['db', 'api']);
  });
});

describe('silences and maintenance', () => {
  const mute = (from: number, until: number, matcher = {}) => ({
    matcher,
    from: BASE + from * 1000,
    until: BASE + until * 1000,
  });

  it('hold fires, tell them at the end, and never hold a recovery', () => {
    const state = fresh({ mutes: [mute(-10, 100)] });
    expect(play(state, down(0, 120), [99, 100]).story).toEqual(['held down@10', 'fired down@100']);
    const later = fresh({ mutes: [mute(5, 100)] });
    expect(play(later, [bad(0), bad(3), good(20), good(23)]).story).toEqual(['fired down@3', 'resolved down@23']);
  });

  it.each([
    [{ service: 'oracle' }, 'held'],
    [{ rule: 'down' }, 'held'],
    [{ severity: 'critical' }, 'held'],
    [{ service: 'other' }, 'fired'],
    [{ rule: 'disk' }, 'fired'],
    [{ severity: 'info', service: 'oracle' }, 'fired'],
  ])('of %j leave an outage of oracle %s', (matcher, word) => {
    expect(play(fresh({ mutes: [mute(-10, 1000, matcher)] }), [bad(0), bad(3)]).story).toEqual([`${word} down@3`]);
  });

  it('recur by weekday and time, over midnight too', () => {
    // BASE is a Friday, 08:00 UTC.
    const window = (startsAtUtc: string, durationMinutes: number, weekdays?: readonly number[]) =>
      fresh({
        maintenance: [{ matcher: {}, startsAtUtc, durationMinutes, ...(weekdays === undefined ? {} : { weekdays }) }],
      });
    const word = (state: ReturnType<typeof fresh>): string | undefined =>
      play(state, [bad(0), bad(3)]).story[0]?.split(' ')[0];
    expect(new Date(BASE).toISOString()).toBe('2027-01-15T08:00:00.000Z');
    expect(word(window('08:00', 10))).toBe('held');
    expect(word(window('08:01', 10))).toBe('fired');
    expect(word(window('07:50', 10))).toBe('fired');
    expect(word(window('23:00', 600, [4]))).toBe('held');
    expect(word(window('23:00', 600, [5]))).toBe('fired');
    expect(word(window('07:00', 120, [5]))).toBe('held');
    expect(word(window('07:00', 120, [6]))).toBe('fired');
  });
});

describe('flapping', () => {
  /** So many outages, one a minute, each good again at the next visit. */
  const flapping = (count: number): readonly Observation[] =>
    Array.from({ length: count }, (_, index) => [
      bad(index * 60),
      bad(index * 60 + 3),
      good(index * 60 + 10),
      good(index * 60 + 13),
    ]).flat();

  it('is told as such, and its fires come ever more rarely', () => {
    const flaps = flapping(60);
    const fired = play(fresh(), flaps).events.filter((event) => event.kind === 'fired');
    expect(fired.length).toBeLessThanOrEqual(4);
    expect(fired[0]?.isFlapping).toBeUndefined();
    expect(fired[1]?.isFlapping).toBe(true);
  });

  it('does not hide an outage that lasts: it is told at the visit after the one that confirmed it', () => {
    const { story } = play(fresh(), [...flapping(20), ...down(1800, 2400)]);
    expect(story.at(-1)).toBe('fired down@1810');
  });

  it('is no matter where a rule does not want to know of it', () => {
    const rules = defaultRules().map((rule) => ({ ...rule, flapDamping: false }));
    const fired = play(fresh({ rules }), flapping(60)).events.filter((event) => event.kind === 'fired');
    expect(fired.map(({ at }) => at)).toHaveLength(12);
    expect(fired.some(({ isFlapping }) => isFlapping)).toBe(false);
  });
});

describe('a rule', () => {
  it('with a duration waits for it, and needs samples that are fresh', () => {
    const state = fresh({ rules: [ruleOf({ forSeconds: 60 })] });
    expect(play(state, every(10, 0, 100, 'figure', 11)).story).toEqual(['fired rule@60']);
    expect(play(state, [observe(0, 'figure', 11)], [60, 90]).story).toEqual([]);
  });

  it('with a recovery duration and a clear threshold does not flicker', () => {
    const state = fresh({ rules: [ruleOf({ clearThreshold: 8, recoverForSeconds: 20, recoverySummary: 'over' })] });
    const values = [11, 9, 11, 9, 8, 8, 8];
    const { story } = play(
      state,
      values.map((value, index) => observe(index * 10, 'figure', value)),
    );
    expect(story).toEqual(['fired rule@0', 'resolved rule@60']);
  });

  it('below a threshold fires below it alone', () => {
    const state = fresh({ rules: [ruleOf({ comparison: 'below', clearThreshold: 12 })] });
    expect(
      play(
        state,
        [10, 9, 11, 12].map((value, index) => observe(index, 'figure', value)),
      ).story,
    ).toEqual(['fired rule@1', 'resolved rule@3']);
  });

  it('reminds every so often, not while acknowledged, silenced or recovering', () => {
    const state = fresh({ rules: [ruleOf({ repeatSeconds: 60 })] });
    const { story } = play(state, every(10, 0, 130, 'figure', 11));
    expect(story).toEqual(['fired rule@0', 'reminded rule@60', 'reminded rule@120']);
    const once = play(state, [observe(0, 'figure', 11)]);
    const [record] = allAlerts(once.state);
    if (record === undefined) throw new Error('no alert');
    const memory = new Map(once.state.memory);
    memory.set('oracle', {
      series: new Map(),
      alerts: new Map([[record.key, { ...record, acknowledgedUntil: BASE + 90_000 }]]),
    });
    expect(play({ ...once.state, memory }, [], [60, 95]).story).toEqual(['reminded rule@95']);
    const muted = { ...once.state, mutes: [{ matcher: {}, from: 0, until: BASE + 80_000 }] };
    expect(play(muted, [], [60, 85]).story).toEqual(['reminded rule@85']);
  });

  it('with labels judges those series, one alert for each value of `by`', () => {
    const rule = ruleOf({ labels: { env: 'live' }, by: ['job'] });
    const { events } = play(fresh({ rules: [rule] }), [
      observe(0, 'figure', 99, { labels: { env: 'live', job: 'a' } }),
      observe(0, 'figure', 99, { labels: { env: 'test', job: 'b' } }),
      observe(0, 'figure', 99, { labels: { env: 'live' } }),
    ]);
    expect(events.filter((event) => event.kind === 'fired').map((event) => event.labels)).toEqual([
      { job: 'a' },
      { job: '' },
    ]);
  });

  it('for some services leaves the others alone', () => {
    const state = fresh({ rules: [ruleOf({ services: ['api'] })] });
    expect(
      play(state, [observe(0, 'figure', 99), observe(0, 'figure', 99, { service: 'api' })]).events.map(
        (event) => event.service,
      ),
    ).toEqual(['api', 'api']);
  });

  it('with its own cooldown keeps to that', () => {
    const state = fresh({ rules: [ruleOf({ cooldownSeconds: 20 })] });
    const { story } = play(
      state,
      [11, 1, 11, 11].map((value, index) => observe(index * 10, 'figure', value)),
    );
    expect(story).toEqual(['fired rule@0', 'resolved rule@10', 'fired rule@20']);
  });

  it('is not overwhelmed by a target that invents series', () => {
    const state = fresh({ rules: [ruleOf({ by: ['id'] })] });
    const flood = Array.from({ length: 5000 }, (_, index) =>
      observe(0, 'figure', 1, { labels: { id: String(index) } }),
    );
    const { state: after } = evaluate(state, flood, BASE);
    expect(allAlerts(after).length).toBeLessThanOrEqual(1000);
    expect(after.memory.get('oracle')?.series.size).toBeLessThanOrEqual(2000);
  });
});

describe('evaluate', () => {
  it('changes nothing that it is handed', () => {
    const first = evaluate(fresh(), [bad(0), bad(3)], BASE + 3000).state;
    const before = structuredClone(first);
    evaluate(first, [good(10), good(13), ...errors(13, 50, 100)], BASE + 13_000);
    expect(first).toEqual(before);
  });

  it('ignores signals that no rule knows, and instants that are none', () => {
    const { state, events } = evaluate(fresh(), [observe(0, 'unheard_of', 1), { ...bad(0), at: Number.NaN }], BASE);
    expect(events).toEqual([]);
    expect(state.memory.size).toBe(0);
  });
});
