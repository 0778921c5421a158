import { describe, expect, it } from '@jest/globals';
import type { FailureReason, ProbeResult } from '@nps/oracle-health/contract';
import { readConfig } from '../src/config.js';
import { createConnectivity, defaultWitnesses } from '../src/connectivity.js';
import { createFakeClock } from './fake-clock.js';

const AT = '2026-02-08T14:30:00.000Z';
const ANSWER: ProbeResult = { outcome: 'report', status: 'healthy', health: null, latencyMs: 1, at: AT };
const failure = (reason: FailureReason): ProbeResult => ({
  outcome: 'failure',
  reason,
  message: reason,
  latencyMs: 1,
  at: AT,
});

describe('the check of the own network', () => {
  it('believes every failure when there is no witness to ask', async () => {
    const check = createConnectivity([], {
      clock: createFakeClock(),
      probe: () => Promise.reject(new Error('never asked')),
    });
    expect(await check.check()).toBe(true);
  });

  it('takes an answer of any target within the last seconds for proof', async () => {
    const clock = createFakeClock();
    const check = createConnectivity(['tcp://gateway.test:53'], {
      clock,
      probe: () => Promise.resolve(failure('timeout')),
    });
    check.note(failure('refused'), clock.monotonicMs());
    expect(await check.check()).toBe(true);
    await clock.advance(7000);
    expect(await check.check()).toBe(false);
    check.note(failure('timeout'), clock.monotonicMs());
    expect(await check.check()).toBe(false);
  });

  it('is good as soon as one witness answers, even by refusing', async () => {
    const answers: Record<string, ProbeResult> = { 'witness-1': failure('timeout'), 'witness-2': failure('refused') };
    const asked: string[] = [];
    const check = createConnectivity(['tcp://a.test:1', 'https://b.test'], {
      clock: createFakeClock(),
      probe: ({ name, kind }) => {
        asked.push(kind);
        return Promise.resolve(answers[name] ?? ANSWER);
      },
    });
    expect(await check.check()).toBe(true);
    expect(asked).toEqual(['tcp', 'http']);
  });

  it('is bad when every witness is silent', async () => {
    for (const reason of ['timeout', 'dns', 'unreachable'] as const) {
      const check = createConnectivity(['tcp://a.test:1'], {
        clock: createFakeClock(),
        probe: () => Promise.resolve(failure(reason)),
      });
      expect(await check.check()).toBe(false);
    }
  });
});

describe('the witnesses nobody named', () => {
  const witnesses = (env: Record<string, string>): readonly string[] => {
    const result = readConfig(env);
    return 'config' in result ? defaultWitnesses(result.config) : [];
  };

  it('are the database and Telegram on other machines, never their credentials', () => {
    expect(witnesses({ DATABASE_URL: 'postgres://u:p@db.test/nps', NPS_BOT_TOKEN: 't' })).toEqual([
      'tcp://db.test:5432',
      'tcp://api.telegram.org:443',
    ]);
  });

  it.each(['localhost', '127.0.0.1', '[::1]'])(
    'are not on the own machine (%s), which answers even cut off',
    (host) => {
      expect(witnesses({ DATABASE_URL: `postgres://${host}:5432/nps` })).toEqual([]);
    },
  );

  it('give way to those the operator names', () => {
    expect(witnesses({ DATABASE_URL: 'postgres://db.test/nps', ALERT_CONNECTIVITY_URLS: 'tcp://gw.test:53' })).toEqual([
      'tcp://gw.test:53',
    ]);
  });
});
