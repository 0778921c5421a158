import { createMetrics, type OracleMetrics } from '../../src/index.js';
import { createFakeClock, SECOND } from '../fake-clock.js';

/** Metrics in which every family has something to say, always the same. */
export function sampleMetrics(): OracleMetrics {
  const clock = createFakeClock();
  const metrics = createMetrics({ service: 'oracle', version: '1.2.3', environment: 'test', now: clock.now });
  for (const ms of [3, 20, 250, 500, 500, 1000, 12_000]) metrics.recordReadingTime(ms);
  metrics.recordDbQueryTime(4, 'select');
  metrics.recordError('AI_TIMEOUT', 'interpreter');
  metrics.recordSuggestion();
  metrics.recordMessage();
  metrics.userSeen('ann');
  metrics.recordTokens({ model: 'claude-haiku-4-5', input: 1000, output: 200, cacheRead: 50, cacheWrite: 7 });
  metrics.recordTokens({ model: 'home-grown', input: 3 });
  metrics.recordRpc('GetReading', 'OK', 30, false);
  metrics.recordRpc('GetReading', 'INTERNAL', 31, true);
  metrics.registry
    .counter({ name: 'odd_total', help: 'A "quoted"\nhelp \\ text.', labels: ['text'] })
    .inc({ text: 'a "b"\n\\c' });
  metrics.registry.gauge({ name: 'infinite', help: 'Not a number of this world.' }).set(Number.POSITIVE_INFINITY);
  metrics.start('reading');
  clock.advance(90 * SECOND);
  return metrics;
}

/** Without what differs from process to process. */
export function withoutProcess(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(# (HELP|TYPE) )?(process|nodejs|monitoring)_/.test(line))
    .join('\n');
}
