import { describe, expect, it } from '@jest/globals';
import { createMetrics, type Registry } from '../../src/index.js';

function setUp(maxSeries = 1000): { registry: Registry; text: () => string } {
  const metrics = createMetrics({ service: 'oracle', maxSeries });
  return { registry: metrics.registry, text: () => metrics.toPrometheus() };
}

describe('the registry', () => {
  it('counts, sets and observes', () => {
    const { registry, text } = setUp();
    const jobs = registry.counter({ name: 'jobs_total', help: 'Jobs.', labels: ['job'] });
    jobs.inc({ job: 'a' });
    jobs.inc({ job: 'a' }, 2.5);
    const size = registry.gauge({ name: 'queue_size', help: 'Queue.' });
    size.set(5);
    size.add(-7);
    registry.histogram({ name: 'wait_seconds', help: 'Wait.' }).observe(0.25);
    expect(text()).toContain('jobs_total{job="a"} 3.5\n');
    expect(text()).toContain('queue_size -2\n');
    expect(text()).toContain('wait_seconds_bucket{le="0.25"} 1\n');
  });

  it('never lets a counter fall', () => {
    const { registry, text } = setUp();
    const jobs = registry.counter({ name: 'jobs_total', help: 'Jobs.' });
    for (const by of [3, -1, Number.NaN, Number.POSITIVE_INFINITY]) jobs.inc({}, by);
    expect(text()).toContain('jobs_total 3\n');
  });

  it('gives the same metric to who asks for it again, and refuses another shape under its name', () => {
    const { registry, text } = setUp();
    for (let round = 0; round < 2; round++) registry.counter({ name: 'jobs_total', help: 'Jobs.' }).inc();
    expect(text()).toContain('jobs_total 2\n');
    expect(() => registry.gauge({ name: 'jobs_total', help: 'Jobs.' })).toThrow(
      expect.objectContaining({ code: 'ALREADY_REGISTERED' }),
    );
    expect(() => registry.counter({ name: 'jobs_total', help: 'Jobs.', labels: ['job'] })).toThrow(
      /already a counter with labels \[\]/,
    );
  });

  it('gathers series beyond the limit in one that says so, and counts what went there', () => {
    const { registry, text } = setUp(3);
    const requests = registry.counter({ name: 'requests_total', help: 'x', labels: ['path', 'status'] });
    for (let path = 0; path < 10; path++) requests.inc({ path: `/${path}`, status: 200 });
    expect(text().match(/^requests_total\{/gm)).toHaveLength(4);
    expect(text()).toContain('requests_total{path="overflow",status="overflow"} 7\n');
    expect(text()).toContain('metrics_label_overflow_total{metric="requests_total"} 7\n');
  });

  it.each([['with space'], ['1st'], [''], ['naïve'], ['a{b="c"}']])('refuses the name %j', (name) => {
    expect(() => setUp().registry.counter({ name, help: 'x' })).toThrow(
      expect.objectContaining({ code: 'INVALID_NAME' }),
    );
  });

  it.each([['with-dash'], ['le'], ['quantile'], ['__internal']])('refuses the label %j', (label) => {
    expect(() => setUp().registry.counter({ name: 'x_total', help: 'x', labels: [label] })).toThrow(/label/);
  });

  it.each([[0], [1.5], [1e9], [Number.NaN]])('refuses a limit of %d series', (maxSeries) => {
    expect(() => setUp(maxSeries)).toThrow(/maxSeries must be a whole number/);
  });

  it('takes any label value without throwing', () => {
    const { registry, text } = setUp();
    const requests = registry.counter({ name: 'requests_total', help: 'x', labels: ['value'] });
    const hostile = {
      toString: () => {
        throw new Error('no');
      },
    };
    for (const value of [undefined, null, hostile, Symbol('x'), 5n, true, 'x'.repeat(10_000)]) requests.inc({ value });
    expect(text()).toContain('requests_total{value=""} 4\n');
    expect(text()).toContain('requests_total{value="5"} 1\n');
    expect(text()).toContain(`requests_total{value="${'x'.repeat(200)}"} 1\n`);
  });

  it('leaves a collector that throws out of the scrape, and only that', () => {
    const { registry, text } = setUp();
    registry.collect(() => {
      throw new Error('no');
    });
    registry.collect(() => [{ name: 'late_family', help: 'x', type: 'gauge', series: [] }]);
    expect(text()).toContain('app_info');
    expect(text()).not.toContain('late_family');
  });
});
