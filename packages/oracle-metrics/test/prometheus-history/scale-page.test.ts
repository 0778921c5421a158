import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { hasPrometheus, startPrometheus, waitFor } from '@nps/testing';
import { createSketch } from '../../src/index.js';
import { createRemoteWrite } from '../../src/prometheus-history/index.js';

const MINUTE = 60_000;
const page = readFileSync('../../docs/scale.md', 'utf8');

/** The questions of the page, by the comment above each. */
function questionsOf(): ReadonlyMap<string, string> {
  const blocks = [...page.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const lines = blocks.join('\n').split('\n');
  return new Map(
    lines.flatMap((line, at) => (line.startsWith('# ') ? [[line.slice(2), lines[at + 1] ?? ''] as const] : [])),
  );
}

(hasPrometheus('the PromQL of docs/scale.md') ? describe : describe.skip)('docs/scale.md', () => {
  it('asks a real Prometheus questions that it answers, rightly', async () => {
    const questions = questionsOf();
    const prometheus = await startPrometheus();
    try {
      await writeTenMinutes(`${prometheus.url}/api/v1/write`);
      const values = new Map<string, number>();
      for (const [title, query] of questions)
        values.set(title, await waitFor(() => firstValue(prometheus.url, query)).catch(() => Number.NaN));
      expect(Object.fromEntries(values)).toEqual({
        'Operations of each service in the last hour': 200,
        'Share of them that failed, per cent': 5,
        'Mean duration in the last hour, seconds': expect.closeTo(0.3),
        'The worst minute of the last day: its p95, seconds': expect.closeTo(0.4),
        'The five most frequent types of error of a day': 10,
        'Cost of AI calls of a day, US dollars': expect.closeTo(0.5),
        'Tokens of a day by model': 12_000,
        'Services of which no minute came in ten minutes, but one in the last day': 1,
      });
    } finally {
      await prometheus.stop();
    }
  });

  it.each([
    ['without its configuration no', '', 1],
    ['with its configuration all', /```yaml\n(storage:[\s\S]*?)```/.exec(page)?.[1] ?? 'storage: missing', 3],
  ])('%s minutes are taken that come after newer ones', async (_which, config, kept) => {
    const prometheus = await startPrometheus({ config });
    try {
      const remote = createRemoteWrite({ url: `${prometheus.url}/api/v1/write` });
      const sketch = createSketch();
      sketch.record(0.2);
      const row = { service: 'late', operation: 'reading', count: 1, errors: 0, sketch: sketch.encode() };
      for (const ago of [1, 60, 119]) await remote.store([{ ...row, minute: minuteOf(ago) }]);
      const query = 'sum(sum_over_time(nps_operation_minute_count[3h]))';
      expect(await waitFor(() => firstValue(prometheus.url, query))).toBe(kept);
    } finally {
      await prometheus.stop();
    }
  });
});

const thisMinute = Math.floor(Date.now() / MINUTE) * MINUTE;
const minuteOf = (ago: number): string => new Date(thisMinute - ago * MINUTE).toISOString();

/** Of one service the last ten minutes; of another one minute half an hour ago. */
async function writeTenMinutes(url: string): Promise<void> {
  const remote = createRemoteWrite({ url });
  const sketch = createSketch();
  for (const seconds of [0.2, 0.4]) for (let record = 0; record < 10; record++) sketch.record(seconds);
  const row = { service: 'oracle', operation: 'reading', count: 20, errors: 1, sketch: sketch.encode() };
  await remote.store([{ ...row, service: 'silent', minute: minuteOf(30), operation: 'db_query' }]);
  await remote.store(Array.from({ length: 10 }, (_, n) => ({ ...row, minute: minuteOf(10 - n) })));
  const usage = { errors_by_type: { TimeoutError: 1 }, tokens: { model: 1200 }, cost_usd: 0.05 };
  await remote.storeUsage(
    'oracle',
    Array.from({ length: 10 }, (_, n) => ({ ...usage, minute: minuteOf(10 - n) })),
  );
}

async function firstValue(url: string, query: string): Promise<number | null> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data, error } = (await answer.json()) as {
    data?: { result: readonly { value: readonly [number, string] }[] };
    error?: string;
  };
  if (error !== undefined) throw new Error(`${query}: ${error}`);
  const value = data?.result[0]?.value[1];
  return value === undefined ? null : Number(value);
}
