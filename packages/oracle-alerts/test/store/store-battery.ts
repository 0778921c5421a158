import { expect, it } from '@jest/globals';
import { createAlertRecord } from '../../src/evaluation/alert-record.js';
import { type AlertStore, createEvaluationState, defaultRules, evaluate, type OutboxNotice } from '../../src/index.js';

export interface StoreUnderTest {
  /** Two doors to the same memory, as two replicas have them. */
  readonly first: AlertStore;
  readonly second: AlertStore;
  /** Lets the time of leases pass. */
  pass(ms: number): Promise<void>;
}

const LEASE_MS = 300;

export function noticeFor(id: string, more: Partial<OutboxNotice> = {}): OutboxNotice {
  return {
    id,
    sequence: 1,
    channel: 'telegram',
    key: '["down","oracle"]',
    incident: 1,
    kind: 'fire',
    rule: 'down',
    severity: 'critical',
    alertSeverity: 'critical',
    service: 'oracle',
    labels: {},
    message: { title: 'a title', severity: 'critical', services: ['oracle'], fields: [], links: [] },
    reason: 'refused',
    startedAt: 1_800_000_000_000,
    endedAt: null,
    createdAt: 1_800_000_000_500,
    dueAt: 1_800_000_002_500,
    state: 'waiting',
    attempts: 0,
    batch: null,
    failure: null,
    messageId: null,
    deliveredAt: null,
    fallbackFor: null,
    ...more,
  };
}

/** The promises of an alert store, run over every adapter. */
export function describeStore(open: () => Promise<StoreUnderTest>): void {
  it('gives back what a leader stored, to the letter', async () => {
    const { first, second } = await open();
    const epoch = (await first.lead('a', LEASE_MS)) ?? 0;
    const record = createAlertRecord(
      { key: '["down","\\u0000__proto__"]', rule: 'down', service: '\u0000__proto__', labels: {} },
      5,
    );
    const telling = {
      key: record.key,
      channel: 'telegram',
      incident: 1,
      state: 'open',
      at: 7,
      acceptedAt: null,
      refusals: 0,
    } as const;
    expect(await first.store(epoch, { alerts: [record], notices: [noticeFor('n1')], tellings: [telling] })).toBe(
      'stored',
    );
    const loaded = await second.load();
    expect(loaded.alerts).toEqual([record]);
    expect(loaded.notices).toEqual([noticeFor('n1')]);
    expect(loaded.tellings).toEqual([telling]);
  });

  it('forgets alerts that are removed, with what was told of them', async () => {
    const { first } = await open();
    const epoch = (await first.lead('a', LEASE_MS)) ?? 0;
    const record = createAlertRecord({ key: '["x","y"]', rule: 'x', service: 'y', labels: {} }, 5);
    await first.store(epoch, {
      alerts: [record],
      tellings: [{ key: record.key, channel: 'c', incident: 1, state: 'open', at: 7, acceptedAt: null, refusals: 0 }],
    });
    await first.store(epoch, { removedKeys: [record.key] });
    expect(await first.load()).toEqual({ alerts: [], notices: [], tellings: [] });
  });

  it('has one leader, who stays it as long as it asks', async () => {
    const { first, second, pass } = await open();
    const epoch = await first.lead('a', LEASE_MS);
    expect(epoch).not.toBeNull();
    for (let round = 0; round < 4; round += 1) {
      expect(await second.lead('b', LEASE_MS)).toBeNull();
      await pass(LEASE_MS / 3);
      expect(await first.lead('a', LEASE_MS)).toBe(epoch);
    }
  });

  it('gives the leadership of a silent leader to the next, who refuses the writes of the former', async () => {
    const { first, second, pass } = await open();
    const former = (await first.lead('a', LEASE_MS)) ?? 0;
    expect(await second.lead('b', LEASE_MS)).toBeNull();
    await pass(LEASE_MS * 1.5);
    const epoch = await second.lead('b', LEASE_MS);
    expect(epoch).toBeGreaterThan(former);
    expect(await first.store(former, { notices: [noticeFor('late')] })).toBe('fenced');
    expect(await first.claim(former, ['n1'], 1000)).toBe('fenced');
    expect((await second.load()).notices).toEqual([]);
    expect(await second.claim(epoch ?? 0, ['n1'], 1000)).toBe('stored');
    // On a crowded machine the lines above take longer than this short lease.
    await second.lead('b', LEASE_MS);
    // A leader whose connection was taken finds out by an error or by being refused.
    const again = await first.lead('a', LEASE_MS).catch(() => null);
    expect(again).toBeNull();
  });

  it('lets the next one lead at once after a resignation', async () => {
    const { first, second } = await open();
    const epoch = (await first.lead('a', LEASE_MS)) ?? 0;
    await first.resign(epoch);
    await first.resign(epoch);
    expect(await second.lead('b', LEASE_MS)).toBeGreaterThan(epoch);
  });

  it('keeps silences and acknowledgements, whoever writes them', async () => {
    const { first, second } = await open();
    const at = Date.now();
    const silence = {
      id: 's1',
      matcher: { service: 'oracle' },
      startsAt: at,
      endsAt: at + 60_000,
      createdBy: 'ann',
      comment: 'deploy',
    };
    await first.storeSilence(silence);
    await first.storeSilence({ ...silence, comment: 'longer', endsAt: at + 90_000 });
    await second.storeAcknowledgement({ key: 'k', incident: 2, by: 'bob', at, until: at + 60_000 });
    await second.storeAcknowledgement({ key: 'k', incident: 3, by: 'eve', at, until: at + 60_000 });
    expect(await second.loadRequests()).toEqual({
      silences: [{ ...silence, comment: 'longer', endsAt: at + 90_000 }],
      acknowledgements: [{ key: 'k', incident: 3, by: 'eve', at, until: at + 60_000 }],
    });
    await second.deleteSilence('s1');
    expect((await first.loadRequests()).silences).toEqual([]);
  });

  it('stores a storm of two thousand alerts well within the time of a lease', async () => {
    const { first } = await open();
    const epoch = (await first.lead('a', LEASE_MS)) ?? 0;
    const alerts = Array.from({ length: 2000 }, (_, index) =>
      createAlertRecord({ key: `["down","s${index}"]`, rule: 'down', service: `s${index}`, labels: {} }, 5),
    );
    const notices = alerts.map(({ key, service }) => noticeFor(service, { key, service }));
    const tellings = alerts.map(
      ({ key }) => ({ key, channel: 'c', incident: 1, state: 'open', at: 7, acceptedAt: null, refusals: 0 }) as const,
    );
    const startedMs = performance.now();
    expect(await first.store(epoch, { alerts: [...alerts, ...alerts], notices, tellings })).toBe('stored');
    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect((await first.load()).alerts).toHaveLength(2000);
  });

  it('stores events of a real evaluation', async () => {
    const { first } = await open();
    const epoch = (await first.lead('a', LEASE_MS)) ?? 0;
    const at = Date.now();
    const observations = [at, at + 3000].map((instant) => ({
      service: 'o\u0000\ud800',
      signal: 'up',
      labels: {},
      value: 0,
      at: instant,
      detail: '\u0000',
    }));
    const { events } = evaluate(createEvaluationState({ rules: defaultRules() }), observations, at + 3000);
    expect(events.map((event) => event.kind)).toEqual(['pending', 'fired']);
    expect(await first.store(epoch, { events: [...events, ...events] })).toBe('stored');
  });
}
