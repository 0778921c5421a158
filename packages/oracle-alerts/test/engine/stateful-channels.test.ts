import { describe, expect, it } from '@jest/globals';
import { alertmanagerAlerts, defaultRules, type HttpCall, type Notice, pagerDutyNotifier } from '../../src/index.js';
import { createFakeChannel, createWorld } from './fake-world.js';

const disk = (value: number) => ({ service: 'oracle', signal: 'disk_used_ratio', labels: {}, value, at: 0 });

describe('a channel that keeps alerts open', () => {
  it('is told the end of what people are told no end of, and no news without an end', async () => {
    const pager = createFakeChannel({ isStateful: true, grouping: 'single' });
    const people = createFakeChannel();
    const { engine, clock, say, up } = createWorld({}, { notifiers: { pager, people } });
    await engine.start();
    const figures = ['operations', 'errors'].map((signal) => ({
      service: 'oracle',
      signal,
      labels: { window: '300' },
      value: 0,
      at: 0,
    }));
    await say(...figures);
    for (const value of [0.95, 0.95, 0.5]) {
      await say(up(1), disk(value));
      await clock.pass(5000);
    }
    for (let passedMs = 0; passedMs < 700_000; passedMs += 30_000) {
      await say(up(1), disk(0.5));
      await clock.pass(30_000);
    }
    expect(people.notices.map(({ kind, rule }) => `${kind} ${rule}`)).toEqual(['fire disk', 'no_data error_rate']);
    expect(pager.notices.map(({ kind, rule }) => `${kind} ${rule}`)).toEqual(['fire disk', 'resolve disk']);
    expect(new Set(pager.notices.map(({ dedupKey }) => dedupKey)).size).toBe(1);
    expect(pager.notices[1]?.message.title).toBe('ℹ️ INFO: Oracle disk is over');
    await engine.stop();
  });

  it('is handed no secret of a name that a target tells, in no part, and the same key at the end', async () => {
    const secret = 's'.repeat(16);
    const dependency = `postgres://nps:${secret}@db/nps`;
    const pager = createFakeChannel({ isStateful: true, grouping: 'single' });
    const { engine, clock, say, up } = createWorld({ rules: defaultRules() }, { notifiers: { pager } });
    await engine.start();
    for (let seconds = 0; seconds < 240; seconds += 5) {
      const value = seconds < 120 ? 0 : 1;
      await say(up(1), { service: 'oracle', signal: 'dependency_up', labels: { dependency }, value, at: 0 });
      await clock.pass(5000);
    }
    expect(pager.notices.map(({ kind }) => kind)).toEqual(['fire', 'resolve']);
    expect(JSON.stringify(pager.notices)).not.toContain(secret);
    expect(pager.notices[0]?.dedupKey).toBe(pager.notices[1]?.dedupKey);
    await engine.stop();
  });

  it('keeps nothing of what the alerter says about itself', async () => {
    const pager = createFakeChannel({ isStateful: true });
    const { engine, clock, say, up } = createWorld(
      { rules: defaultRules() },
      { notifiers: { pager }, connectivity: () => Promise.resolve(false) },
    );
    await engine.start();
    for (let seconds = 0; seconds < 60; seconds += 5) {
      await say(up(0, 'oracle', 'timeout'));
      await clock.pass(5000);
    }
    const [notice] = pager.notices;
    const [alert] = alertmanagerAlerts(notice as Notice) as readonly { readonly endsAt: string }[];
    expect(notice?.rule).toBe('monitor');
    expect(Date.parse(alert?.endsAt ?? '')).toBeLessThan(clock.wallMs() + 3_600_000);
    await engine.stop();
  });

  it('leaves no incident open at PagerDuty after a fire drill', async () => {
    const calls: HttpCall[] = [];
    const request = (call: HttpCall) => {
      calls.push(call);
      return Promise.resolve({ status: 202, headers: {}, body: '{"status":"success"}' });
    };
    const pager = pagerDutyNotifier.configure({ routingKey: 'k'.repeat(32) }, { request });
    const { engine, clock } = createWorld({}, { notifiers: { pager } });
    await engine.start();
    const drill = engine.drill();
    await clock.pass(3000);
    expect(await drill).toMatchObject([{ channel: 'pager', result: 'delivered' }]);
    const events = calls.map(({ body }) => JSON.parse(body) as { event_action: string; dedup_key: string });
    expect(events.map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
    expect(events[0]?.dedup_key).toBe(events[1]?.dedup_key);
    await engine.stop();
  });
});
