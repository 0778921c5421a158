import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fillBrowserGaps } from './browser-gaps.js';
import { calm } from './calm.js';
import { alertSummary, iso, minutesAgo, nowMs, serviceSummary, statusReply } from './example-replies.js';
import { openPage } from './page.js';

beforeAll(fillBrowserGaps);
beforeEach(() => {
  window.localStorage.clear();
  jest.spyOn(Date, 'now').mockReturnValue(nowMs);
});

const operator = { user: 'ann', may: 'change', methods: ['token'] } as const;
const query = (selector: string) => document.querySelector<HTMLElement>(selector);

describe('from a service to its reason', () => {
  it('leads from the worst minute of the charts to the log lines around it', async () => {
    const page = await openPage('/services/oracle');
    await page.settle();
    const around = page.calls.find(([name]) => name === 'logsAround')?.[1];
    // Five minutes before the hour one operation failed: the middle of that step, a step to either side.
    expect(around).toEqual({ at: iso(nowMs - 52.5 * 60_000), minutes: 5, service: 'oracle', level: 'WARN', limit: 20 });
    expect(page.text()).toContain('most failures; click a chart for another moment');
    expect(page.text('.log')).toContain('the price feed is gone');
    await page.click('more');
    expect(page.text('.log-rest')).toBe('not json');
  });

  it('shows the log of the moment the address names, and says when the log is silent', async () => {
    const page = await openPage(`/services/oracle?at=${minutesAgo(20)}`, {
      logsAround: { ...calm.logsAround, before: [] },
    });
    await page.settle();
    expect(page.text()).toContain('the moment you chose');
    expect(page.text()).toContain('no warning and no error of oracle then');
  });

  it('draws errors by type, tokens and cost, and tells their sums as a table', async () => {
    const page = await openPage('/services/oracle');
    await page.settle();
    const titles = [...document.querySelectorAll('.chart-title')].map((title) => title.textContent);
    expect(titles).toEqual(['Response time', 'Throughput', 'Error rate', 'Errors by type', 'AI tokens', 'AI cost']);
    await page.click('Table', '[aria-label^="Errors by type:"]');
    expect(page.text('[aria-label="Errors by type as a table"]')).toContain('TIMEOUT');
    expect(page.text('[aria-label="Errors by type as a table"] tbody tr:nth-child(2)')).toMatch(/31$/);
  });

  it('offers the other operations, and keeps the choice in the address', async () => {
    const history = { ...calm.history, operations: ['reading', 'ai_call'] };
    const page = await openPage('/services/oracle', { history });
    const chooser = document.querySelector<HTMLSelectElement>('.inline-field select');
    if (chooser === null) throw new Error('no chooser');
    await page.choose('.inline-field select', 'ai_call');
    expect(window.location.search).toBe('?operation=ai_call');
    expect(page.calls).toContainEqual(['history', { service: 'oracle', range: '24h', operation: 'ai_call' }]);
  });

  it('shows a young service over the hour it has', async () => {
    const strip = `${'-'.repeat(94)}hh`;
    const page = await openPage('/', { status: statusReply([serviceSummary('oracle', { strip })]) });
    expect(page.calls).toContainEqual(['history', { service: 'oracle', range: '1h' }]);
    expect(page.text('.ranges [aria-pressed=true]')).toBe('1 h');
  });

  it('names its jobs and what last happened to its alerts', async () => {
    const job = calm.jobs?.jobs[0];
    const page = await openPage('/services/oracle', {
      service: { ...calm.service, jobs: [job], last_alerts: calm.alert?.steps },
    });
    await page.settle();
    expect(page.text()).toContain('import');
    expect(page.text()).toMatch(/Last alerts.*fired.*down.*refused/);
  });
});

describe('an alert', () => {
  it('shows the figure that crossed its threshold and how the others were', async () => {
    const page = await openPage('/alerts/down%2Foracle');
    await page.settle();
    expect(page.text('.chart .legend')).toBe('errors ÷ operationslast 41 %fires above 5 %Table');
    expect(page.text()).toContain('API: degraded');
    expect(page.text()).not.toContain('Web: healthy');
    expect(page.calls).toContainEqual([
      'logsAround',
      { at: minutesAgo(3), minutes: 5, service: 'oracle', level: 'WARN', limit: 20 },
    ]);
  });

  it('says that only the judged values are known where history keeps none', async () => {
    const series = { ...calm.alertContext?.series, source: 'steps' };
    const page = await openPage('/alerts/x', { alertContext: { ...calm.alertContext, series } });
    expect(page.text()).toContain('only the values the alert was judged by');
    const without = await openPage('/alerts/x', { alertContext: { ...calm.alertContext, series: null, others: [] } });
    expect(without.text()).not.toContain('What was judged');
  });

  it('is not called sent before a channel took it', async () => {
    const untold = alertSummary('oracle', { told_at: null });
    const failing = { ...statusReply([]).alerter, channels: 'failing' as const };
    const services = [serviceSummary('oracle', { status: 'down' })];
    const page = await openPage('/', { status: statusReply(services, { alerts: [untold], alerter: failing }) });
    expect(page.text('.alert-owner')).toContain('not delivered yet: a channel fails');
    expect(page.text('h1')).toContain('Not delivered yet');
  });
});

describe('deliveries and quiet times', () => {
  it('tell of each channel what arrived and what it refused with', async () => {
    const page = await openPage('/alerts');
    await page.settle();
    const rows = [...document.querySelectorAll('table')].map((table) => table.textContent);
    expect(rows.find((text) => text.includes('pager'))).toMatch(/pager012–neverHTTP 401, 2 min ago/);
    expect(rows.find((text) => text.includes('waiting'))).toContain('Oracle service is DOWN! fire3–HTTP 401');
  });

  it('list weekly windows, which only the file can end, and planned ones, which people can', async () => {
    const page = await openPage('/alerts', { session: operator, deleteMaintenance: { id: 'w2' } });
    await page.settle();
    expect(page.text()).toContain('the file, Sundays');
    expect([...document.querySelectorAll('button')].filter(({ textContent }) => textContent === 'End')).toHaveLength(1);
    await page.click('End');
    expect(page.calls).toContainEqual(['deleteMaintenance', { id: 'w2' }]);
  });

  it('are planned with a beginning, a length and a reason', async () => {
    const page = await openPage('/alerts', { session: operator, storeMaintenance: {} });
    await page.click('Plan maintenance');
    const comment = document.querySelector<HTMLInputElement>('dialog input[name=comment]');
    if (comment !== null) comment.value = 'upgrade';
    await page.submit('dialog form');
    await page.settle();
    expect(page.calls).toContainEqual([
      'storeMaintenance',
      { service: undefined, rule: undefined, starts_at: iso(nowMs), minutes: 60, comment: 'upgrade' },
    ]);
    expect(query('dialog')).toBeNull();
  });

  it('ask a reader to sign in first', async () => {
    const page = await openPage('/alerts');
    await page.click('Plan maintenance');
    expect(page.text('dialog')).toContain('Token');
  });
});

describe('honesty of the other views', () => {
  it('calls no budget fine that burns', async () => {
    const [objective] = calm.slo?.objectives ?? [];
    const burning = {
      ...objective,
      left_ratio: 0.94,
      burn: [{ window: '1h', rate: 1000 }],
      exhausted_at: iso(nowMs + 40 * 60_000),
    };
    const page = await openPage('/slo', { slo: { ...calm.slo, objectives: [burning] } });
    expect(page.text('h1')).toBe('Oracle is using its error budget up: 40 min left at this pace.');
    expect(page.text('tbody .bad')).toBe('1000×');
  });

  it('says when a changed file is refused, and why, on every page', async () => {
    const configuration = {
      source: 'file' as const,
      state: 'refused' as const,
      read_at: minutesAgo(60),
      refused_since: minutesAgo(4),
      faults: ['targets[0].url is no URL'],
    };
    const page = await openPage('/settings', {
      status: statusReply([serviceSummary('oracle')], { configuration }),
      settings: { ...calm.settings, configuration },
    });
    expect(page.text('.banners')).toContain('The configuration file is refused since');
    expect(page.text('h1')).toContain('The changed file is refused since');
    expect(page.text('.faults')).toContain('targets[0].url is no URL');
  });

  it('warns of calls without a price instead of counting them as free', async () => {
    const lines = calm.costs?.lines.map((line) => ({ ...line, cost_unknown_calls: 7 }));
    const page = await openPage('/costs', { costs: { ...calm.costs, lines } });
    expect(page.text('.why')).toContain('7 calls used a model without a price');
  });

  it('stops following the log when asked to, and keeps that in the address', async () => {
    const page = await openPage('/logs?user=42');
    await page.click('Stop following');
    expect(window.location.search).toBe('?user=42&follow=off');
    expect(page.text('.log-state')).toContain('stands still');
    await page.click('Follow');
    expect(window.location.search).toBe('?user=42');
  });

  it('keeps the seconds of a time that was not touched', async () => {
    const page = await openPage('/logs?from=2026-02-08T11:00:07.000Z');
    const text = document.querySelector<HTMLInputElement>('input[name=text]');
    if (text !== null) text.value = 'gone';
    await page.submit('.filters');
    expect(window.location.search).toBe('?text=gone&from=2026-02-08T11%3A00%3A07.000Z');
  });

  it('keeps the page alive when one view cannot be drawn', async () => {
    jest.spyOn(console, 'error').mockReturnValue(undefined);
    const page = await openPage('/jobs', { jobs: { jobs: null } });
    expect(page.text('[role=alert]')).toContain('This view could not be shown.');
    await page.key('g', 'o');
    expect(page.text('h1')).toContain('Oracle is healthy.');
  });
});
