import { describe, expect, it } from '@jest/globals';
import { alertSentence, overviewSentence, serviceSentence, titlePrefix } from '../../src/web/sentence.js';
import { alertSummary, minutesAgo, nowMs, serviceSummary, statusReply } from './example-replies.js';

const down = (name: string) => serviceSummary(name, { status: 'down', since: minutesAgo(3) });
const say = (...parameters: Parameters<typeof statusReply>) =>
  overviewSentence(statusReply(...parameters), nowMs, 'utc').text;

describe('the sentence', () => {
  it('names one service that is down, since when, and who has it', () => {
    expect(say([serviceSummary('api'), down('oracle')], { alerts: [alertSummary('oracle')] })).toBe(
      'Oracle is down since 11:57 (3 min). Alert sent, nobody has it.',
    );
    expect(say([down('oracle')], { alerts: [alertSummary('oracle', { acknowledged_by: 'ann' })] })).toContain(
      'Ann has it.',
    );
  });

  it('does not say that an alert was sent when there is no channel to send it to', () => {
    const alerter = { ...statusReply([]).alerter, channels: 'none' as const };
    expect(say([down('oracle')], { alerts: [alertSummary('oracle')], alerter })).toContain(
      'Nobody was told: there is no channel.',
    );
  });

  it('does not say that an alert is being sent while the alerter is away', () => {
    const alerter = { ...statusReply([]).alerter, state: 'away' as const, channels: 'unknown' as const };
    expect(say([down('oracle')], { alerts: [alertSummary('oracle', { told_at: null })], alerter })).toContain(
      'Nobody was told: the alerter does not answer.',
    );
  });

  it.each([
    [{ told_at: null }, 'The alert is being sent.'],
    [{ told_at: null, hold: 'silenced' as const }, 'The alert is silenced.'],
    [{ told_at: null, hold: 'cooldown' as const }, 'The alert is held (cooldown).'],
    [{ phase: 'pending' as const }, 'An alert is being confirmed.'],
  ])('says what became of the alert: %j', (change, text) => {
    expect(say([down('oracle')], { alerts: [alertSummary('oracle', change)] })).toContain(text);
  });

  it('tells an alert of the past from one of now when nothing is recorded any more', () => {
    const recording = { state: 'stale' as const, last_at: minutesAgo(2) };
    const reply = statusReply([serviceSummary('oracle')], { alerts: [alertSummary('oracle')], recording });
    expect(overviewSentence(reply, nowMs, 'utc')).toEqual({
      status: 'degraded',
      text: 'Oracle is healthy. When it was last recorded, 2 min ago, an alert was open.',
      why: 'oracle service is DOWN!',
    });
  });

  it.each([
    [{ detail: 'connection refused' }, 'down', 'API is DOWN since 11:57 (3 min).', 'connection refused'],
    [
      { title: 'API is DOWN! Error: refused', detail: 'refused' },
      'down',
      'API is DOWN! Error: refused since 11:57 (3 min).',
      null,
    ],
    [{ severity: 'warning' as const }, 'degraded', 'API is DOWN since 11:57 (3 min).', null],
    [{ phase: 'ok' as const }, 'healthy', 'API is DOWN.', null],
  ])('of one alert says since when, and why unless that is said already: %j', (change, status, text, why) => {
    const alert = alertSummary('api', { title: '🚨 CRITICAL: API is DOWN.', ...change });
    expect(alertSentence(alert, nowMs, 'utc')).toEqual({ status, text, why });
  });

  it('never calls a service healthy while an alert of it burns, and says which', () => {
    const alerts = [
      alertSummary('oracle', {
        severity: 'warning',
        title: '⚠️ WARNING: Oracle error rate 35.8% (threshold: 5%)',
        detail: 'UPSTREAM',
      }),
    ];
    const reply = statusReply([serviceSummary('api'), serviceSummary('oracle')], { alerts });
    expect(overviewSentence(reply, nowMs, 'utc')).toEqual({
      status: 'degraded',
      text: 'Oracle error rate 35.8% (threshold: 5%) since 11:57 (3 min). Alert sent, nobody has it.',
      why: 'UPSTREAM',
    });
    expect(titlePrefix(reply)).toBe('(1 alert) ');
    const silenced = alerts.map((alert) => ({ ...alert, silenced_until: minutesAgo(-60) }));
    expect(overviewSentence({ ...reply, alerts: silenced }, nowMs, 'utc').status).toBe('healthy');
    const both = [...alerts, alertSummary('api', { title: 'x' })];
    expect(overviewSentence({ ...reply, alerts: both }, nowMs, 'utc').text).toContain(
      '2 of 2 services have alerts: Api and Oracle.',
    );
  });

  it('gives the reason: what the service answered, else what fails in it', () => {
    const reply = statusReply([serviceSummary('api', { status: 'down', message: 'connection refused' })]);
    expect(overviewSentence(reply, nowMs, 'utc').why).toBe('connection refused');
    const two = statusReply([
      serviceSummary('api', { status: 'down', message: 'connection refused' }),
      serviceSummary('web', { status: 'down' }),
    ]);
    expect(overviewSentence(two, nowMs, 'utc').why).toBe('Api: connection refused');
  });

  it('counts when several are alike', () => {
    expect(say([down('a'), down('b'), serviceSummary('c')])).toBe('2 of 3 services are down: A and B.');
    expect(say(['a', 'b', 'c', 'd', 'e'].map(down))).toBe('5 of 5 services are down: A, B, C and 2 more.');
  });

  it('is calm when all is well, and remembers the last incident', () => {
    const past = { from: minutesAgo(3000), to: minutesAgo(2900), reason: 'refused' };
    expect(say([serviceSummary('a', { last_incident: past }), serviceSummary('b')])).toBe(
      'All 2 services are healthy. Last incident 2 days ago.',
    );
  });

  it('claims no record it does not have', () => {
    expect(say([serviceSummary('oracle', { source: 'live' })]).trim()).toBe('Oracle is healthy.');
  });

  it('admits that it knows nothing', () => {
    expect(say([])).toBe('Nothing is watched.');
    expect(say([serviceSummary('oracle', { status: 'no_data' })])).toBe('Nothing is known of Oracle yet.');
  });

  it('names what fails in a degraded service', () => {
    const dependency = {
      name: 'ai_api',
      status: 'error' as const,
      critical: false,
      latency_ms: null,
      since: null,
      last_ok_at: null,
      error: null,
    };
    expect(
      serviceSentence(
        serviceSummary('oracle', { status: 'degraded', dependencies: [dependency] }),
        statusReply([]),
        nowMs,
        'utc',
      ).text,
    ).toBe('Oracle is degraded: ai api.');
  });
});

describe('the tab’s title', () => {
  it('carries the worst state', () => {
    expect(titlePrefix(statusReply([down('a'), serviceSummary('b', { status: 'degraded' })]))).toBe('(1 down) ');
    expect(titlePrefix(statusReply([serviceSummary('b', { status: 'degraded' })]))).toBe('(1 degraded) ');
    expect(titlePrefix(statusReply([serviceSummary('b')]))).toBe('');
  });
});
