import { describe, expect, it } from '@jest/globals';
import type { Delivery, Notice } from '@nps/oracle-alerts';
import { createLogNotifier, withSendLog } from '../src/log-notifier.js';

const NOTICE: Notice = {
  id: 'n1',
  kind: 'fire',
  rule: 'down',
  severity: 'critical',
  services: ['oracle'],
  alertSeverity: 'critical',
  incident: 1,
  dedupKey: 'd',
  labels: {},
  message: {
    title: '🚨 CRITICAL: Oracle service is DOWN! Error: refused',
    severity: 'critical',
    services: ['oracle'],
    fields: [],
    links: [],
  },
  startedAt: 0,
  attempt: 1,
};
const signal = new AbortController().signal;

interface CollectingLog {
  readonly lines: string[];
  info(line: string): unknown;
  warn(line: string): unknown;
}

function collectingLog(): CollectingLog {
  const lines: string[] = [];
  return { lines, info: (line) => lines.push(`info ${line}`), warn: (line) => lines.push(`warn ${line}`) };
}

describe('the log as a channel', () => {
  it('takes every notice as one readable line', async () => {
    const log = collectingLog();
    expect(await createLogNotifier(log).send(NOTICE, signal)).toEqual({ result: 'delivered' });
    expect(log.lines).toEqual(['info 🚨 CRITICAL: Oracle service is DOWN! Error: refused']);
  });
});

describe('a channel whose answers are logged', () => {
  it.each<[Delivery, string]>([
    [{ result: 'delivered', messageId: '5' }, 'info sent to night: 🚨 CRITICAL'],
    [
      { result: 'retry', reason: 'HTTP 500' },
      'warn night did not take a notice and will be asked again (HTTP 500): 🚨',
    ],
    [{ result: 'rejected', reason: 'HTTP 401' }, 'warn night refused a notice (HTTP 401): 🚨'],
  ])('passes %j on and says it', async (delivery, line) => {
    const log = collectingLog();
    const channel = withSendLog(
      'night',
      { kind: 'telegram', pace: { gapMs: 5 }, send: () => Promise.resolve(delivery) },
      log,
    );
    expect(channel.pace).toEqual({ gapMs: 5 });
    expect(await channel.send(NOTICE, signal)).toEqual(delivery);
    expect(log.lines[0]).toContain(line);
  });
});
