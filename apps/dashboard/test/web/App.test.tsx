import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CallFault } from '../../src/web/call.js';
import { fillBrowserGaps } from './browser-gaps.js';
import { calm } from './calm.js';
import {
  alertSummary,
  alertsReply,
  historyReply,
  iso,
  minutesAgo,
  nowMs,
  serviceSummary,
  statusReply,
} from './example-replies.js';
import { openPage } from './page.js';

beforeAll(fillBrowserGaps);
beforeEach(() => {
  window.localStorage.clear();
  jest.spyOn(Date, 'now').mockReturnValue(nowMs);
});

const away = new CallFault('away', 'The dashboard’s server does not answer.');
const down = serviceSummary('api', {
  status: 'down',
  reason: 'refused',
  message: 'connection refused',
  since: minutesAgo(3),
  last_incident: { from: minutesAgo(3), to: null, reason: 'refused' },
  figures: { p95_ms: null, average_ms: null, readings_per_hour: null, error_rate_percent: null },
});
const degraded = serviceSummary('scanner', {
  status: 'degraded',
  dependencies: [
    {
      name: 'redis',
      status: 'error',
      critical: false,
      latency_ms: 1000,
      since: minutesAgo(9),
      last_ok_at: null,
      error: 'TIMEOUT',
    },
    ...['a', 'b', 'c', 'd', 'e'].map((name) => ({
      name,
      status: 'ok' as const,
      critical: true,
      latency_ms: 1,
      since: null,
      last_ok_at: null,
      error: null,
    })),
  ],
});

describe('the overview', () => {
  it('says in its largest type that all is well', async () => {
    const page = await openPage('/');
    expect(page.text('h1')).toBe('Oracle is healthy. No incident recorded.');
    expect(document.title).toBe('Oracle Monitoring');
    expect(page.text('table')).toMatch(/412 ms.*38\/h.*1\.24 s.*0\.4 %/);
    expect(page.text('footer')).toContain(
      'Alerter running, evaluated 4 s ago, outbox empty, telegram last answered 12 min ago',
    );
    expect(page.text('footer')).toContain('7 of 100 connections, 9.3 MB');
  });

  it('lists the worst first and says it in the title and the icon of the tab', async () => {
    const page = await openPage('/', {
      status: statusReply([serviceSummary('oracle'), degraded, down], { alerts: [alertSummary('api')] }),
    });
    expect(page.text('h1')).toContain('Api is down since');
    expect(page.text('h1')).toContain('Alert sent, nobody has it.');
    expect([...document.querySelectorAll('.services tbody th a')].map((link) => link.textContent)).toEqual([
      'Api',
      'Scanner',
      'Oracle',
    ]);
    expect(document.title).toBe('(1 down) Oracle Monitoring');
    expect([...document.querySelectorAll('.dependencies li')].map(({ textContent }) => textContent)).toEqual([
      'redis',
      '5 ok',
    ]);
  });

  it('explains a dash instead of inventing a zero', async () => {
    await openPage('/', { status: statusReply([down]) });
    expect(document.querySelector('.c-p95')?.getAttribute('title')).toBe('No metrics while it is down');
  });

  it('shows the line that fills an empty page', async () => {
    const page = await openPage('/', { status: statusReply([]) });
    expect(page.text()).toContain('"targets"');
  });

  it('keeps the last good figures when the server is away, and says how old they are', async () => {
    const page = await openPage('/');
    page.answer({ status: away });
    document.dispatchEvent(new Event('visibilitychange'));
    await page.settle();
    expect(page.text('.banners')).toContain('does not answer');
    expect(page.text('h1')).toBe('Oracle is healthy. No incident recorded.');
    expect(document.querySelector('main')?.className).toBe('stale');
  });

  it('says what is wrong when nothing was ever known', async () => {
    const page = await openPage('/', { status: away });
    expect(page.text('h1')).toBe('The dashboard’s server does not answer.');
  });

  it.each([
    [
      { database: { ...statusReply([]).database, state: 'away' as const, since: minutesAgo(1) } },
      'PostgreSQL is away since',
    ],
    [{ recording: { state: 'stale' as const, last_at: minutesAgo(4) } }, 'Recording is stale since'],
    [
      { recording: { state: 'absent' as const, last_at: null } },
      'No history is being recorded: no alerter has written',
    ],
    [{ alerter: { ...statusReply([]).alerter, channels: 'none' as const } }, 'Nobody would be told'],
    [{ alerter: { ...statusReply([]).alerter, channels: 'failing' as const } }, 'A channel fails'],
  ])('warns on every page: %#', async (change, text) => {
    const page = await openPage('/settings', { status: statusReply([serviceSummary('oracle')], change) });
    expect(page.text('.banners')).toContain(text);
  });

  it('draws the lines, a band for the alert and a mark for the release', async () => {
    const page = await openPage('/');
    await page.settle();
    expect(document.querySelectorAll('.series path.recharts-curve')).toHaveLength(3);
    expect(document.querySelectorAll('.band-critical')).not.toHaveLength(0);
    expect(document.querySelectorAll('.deploy')).not.toHaveLength(0);
  });

  it('shows the same values of a chart as a table, gaps left out', async () => {
    const page = await openPage('/');
    await page.click('Table');
    expect(document.querySelectorAll('.chart-table tbody tr')).toHaveLength(3);
    expect(page.text('.chart-table')).toContain('200 ms');
  });

  it('says honestly when a range has no operation or no history', async () => {
    const without = await openPage('/', { history: historyReply({ points: [], operations: [] }) });
    expect(without.text('.chart-box')).toContain('Nothing ran in this range.');
    const young = await openPage('/', { history: historyReply({ points: [] }) });
    expect(young.text('.chart-box')).toContain('the first appears within two minutes');
    const lost = await openPage('/', { history: historyReply({ points: [], recorded: false }) });
    expect(lost.text('.chart-box')).toContain('No history is at hand');
  });

  it('keeps the range in the address', async () => {
    const page = await openPage('/');
    await page.click('7 d');
    expect(window.location.search).toBe('?range=7d');
    expect(page.calls).toContainEqual(['history', { service: 'oracle', range: '7d' }]);
  });
});

describe('a service', () => {
  it('shows four figures beside those of yesterday, its checks and its message', async () => {
    const page = await openPage('/services/scanner', {
      status: statusReply([{ ...degraded, message: '<b>bold</b>' }]),
      service: { ...calm.service, service: degraded },
    });
    expect(page.text('h1')).toBe('Scanner is degraded: redis.');
    expect(page.text('.figures')).toContain('31/h yesterday');
    expect(page.text('.why')).toBe('<b>bold</b>');
    expect(page.text('.plain')).toContain('error: TIMEOUT');
  });

  it('that is not watched is said not to be', async () => {
    const page = await openPage('/services/nobody');
    expect(page.text('h1')).toBe('No service named “nobody” is watched.');
  });
});

describe('alerts', () => {
  it('are listed with what happened, and a silence can be ended by who signed in', async () => {
    const silence = {
      id: 's1',
      service: 'oracle',
      rule: null,
      severity: null,
      starts_at: minutesAgo(5),
      ends_at: iso(nowMs + 60_000),
      created_by: 'ann',
      comment: 'work',
    };
    const page = await openPage('/alerts', {
      alerts: alertsReply({ silences: [silence] }),
      session: { user: 'ann', may: 'change', methods: ['token'] },
      deleteSilence: { id: 's1' },
    });
    expect(page.text('h1')).toBe('One alert is open, nobody has it.');
    expect(page.text()).toContain('every rule · oracle');
    await page.click('End');
    expect(page.calls).toContainEqual(['deleteSilence', { id: 's1' }]);
  });

  it('invite to see one when there was none', async () => {
    expect((await openPage('/alerts')).text()).toContain('npm run demo -- down');
    expect(
      (await openPage('/alerts', { alerts: alertsReply({ open: [], history: [], recorded: false }) })).text(),
    ).toContain('DATABASE_URL');
  });

  it('have a story: steps, notices with attempts and latency, releases, and the rule in words', async () => {
    const page = await openPage('/alerts/down%2Foracle');
    expect(page.text('table')).toMatch(
      /oracle 1\.2\.3.*fired.*11:58:00telegram delivered.*2 attempts, after 1 min, message 77/,
    );
    expect(page.text()).toContain('up below 1, 2 times in a row');
    expect(document.querySelector('a[href^="/logs?service=oracle&from="]')).not.toBeNull();
  });

  it('are acknowledged by a key', async () => {
    const page = await openPage('/alerts/down%2Foracle', {
      session: { user: 'ann', may: 'change', methods: ['token'] },
      acknowledge: calm.alert,
    });
    await page.key('a');
    expect(page.calls).toContainEqual(['acknowledge', { id: 'down/oracle' }]);
  });

  it('ask for a sign-in before anything is changed, and go on after it', async () => {
    const page = await openPage('/alerts/down%2Foracle', {
      signIn: { user: 'ann', may: 'change', methods: ['token'] },
    });
    await page.click('I have it');
    expect(page.text('dialog')).toContain('Token');
    page.answer({ session: { user: 'ann', may: 'change', methods: ['token'] } });
    await page.submit('dialog form');
    await page.settle();
    await page.settle();
    expect(document.querySelector('dialog')).toBeNull();
    expect(page.text('nav')).toContain('ann · sign out');
    await page.click('ann · sign out');
    expect(page.calls).toContainEqual(['signOut', undefined]);
  });

  it('say why a sign-in or a change was refused', async () => {
    const page = await openPage('/alerts/down%2Foracle', {
      signIn: new CallFault('refused', 'Sign in first. Not right.', 401),
      acknowledge: new CallFault('refused', 'It is over.', 404),
    });
    await page.click('Sign in');
    await page.submit('dialog form');
    await page.settle();
    expect(page.text('dialog [role=alert]')).toBe('Sign in first. Not right.');
    const other = await openPage('/alerts/down%2Foracle', {
      session: { user: 'ann', may: 'change', methods: [] },
      acknowledge: new CallFault('refused', 'It is over.', 404),
    });
    await other.click('I have it');
    expect(other.text('[role=alert]')).toBe('It is over.');
  });

  it('are silenced with a reason', async () => {
    const page = await openPage('/alerts/down%2Foracle', {
      session: { user: 'ann', may: 'change', methods: ['token'] },
      storeSilence: {},
    });
    await page.key('s');
    const comment = document.querySelector<HTMLInputElement>('dialog input');
    if (comment !== null) comment.value = 'planned';
    await page.submit('dialog form');
    await page.settle();
    expect(page.calls).toContainEqual([
      'storeSilence',
      { service: 'oracle', rule: 'down', minutes: 60, comment: 'planned' },
    ]);
  });
});

describe('the other views', () => {
  it('jobs: name what did not succeed', async () => {
    const page = await openPage('/jobs');
    expect(page.text('h1')).toBe('import did not succeed the last time.');
    expect(page.text()).toContain('disk full');
    expect((await openPage('/jobs', { jobs: { jobs: [], runs: [], recorded: true } })).text()).toContain('monitorJob');
  });

  it('costs: today and where the month is heading', async () => {
    const page = await openPage('/costs');
    expect(page.text('h1')).toBe(
      'AI calls cost $0.5000 today and $8.00 this month. At this pace the month ends at $28.00.',
    );
    expect(page.text('table')).toContain('1.2 M');
    expect((await openPage('/costs', { costs: { lines: [], generated_at: iso(nowMs) } })).text()).toContain(
      'recordTokens',
    );
  });

  it('budgets: who used theirs up', async () => {
    const page = await openPage('/slo');
    expect(page.text('h1')).toBe('Oracle has used up the error budget.');
    expect(page.text('table')).toContain('−16 %');
    expect(
      (
        await openPage('/slo', { slo: { target_percent: 99.9, window_days: 30, objectives: [], recorded: false } })
      ).text('h1'),
    ).toBe('No availability is recorded yet.');
  });

  it('settings: what is watched, by which rule, told to whom, and what is wrong with the file', async () => {
    const page = await openPage('/settings');
    expect(page.text()).toContain('rules[3]: threshold is missing');
    expect(page.text()).toContain('nighttelegramcritical');
    expect(page.text()).toContain('deskslacknothing');
  });

  it('logs: filters stand in the address, a line opens, and an incomplete search says so', async () => {
    const page = await openPage('/logs?level=ERROR&from=2026-02-08T11:00:00.000Z');
    expect(page.calls).toContainEqual(['logs', { limit: 200, level: 'ERROR', from: '2026-02-08T11:00:00.000Z' }]);
    expect(page.text('h1')).toBe('The newest 2 lines.');
    expect(page.text()).toContain('64 MB were looked at');
    await page.click('more');
    expect(page.text('.log-rest')).toContain('"trace_id": "t"');
    const text = document.querySelector<HTMLInputElement>('input[name=text]');
    if (text !== null) text.value = 'timed out';
    await page.submit('.filters');
    await page.settle();
    expect(window.location.search).toContain('text=timed+out');
    await page.click('Clear');
    expect(window.location.search).toBe('');
  });

  it('logs: an unreadable folder says which variable to set', async () => {
    const page = await openPage('/logs', {
      logs: { lines: [], services: [], complete: true, scanned_bytes: 0, folder: 'unreadable' },
    });
    expect(page.text()).toContain('LOG_DIR=');
  });

  it.each(['/alerts', '/alerts/x', '/jobs', '/costs', '/slo', '/settings', '/logs', '/services/oracle'])(
    '%s says what failed when nothing was ever known',
    async (path) => {
      const gone = {
        alerts: away,
        alert: away,
        jobs: away,
        costs: away,
        slo: away,
        settings: away,
        logs: away,
        service: away,
      };
      expect((await openPage(path, gone)).text('h1')).toMatch(/does not answer|Oracle is healthy/);
    },
  );

  it('an address that leads nowhere says so', async () => {
    expect((await openPage('/nowhere')).text('h1')).toBe('There is no such page.');
  });
});

describe('keys', () => {
  it('go to every view, and not while somebody writes', async () => {
    const page = await openPage('/');
    await page.key('g', 'l');
    expect(window.location.pathname).toBe('/logs');
    document.querySelector<HTMLInputElement>('input[name=text]')?.focus();
    await page.key('g', 'o');
    expect(window.location.pathname).toBe('/logs');
  });

  it('move along the lines, change the range, search and help', async () => {
    const page = await openPage('/');
    await page.key('j');
    expect(document.activeElement?.textContent).toBe('Oracle');
    await page.key('k', 't');
    expect(window.location.search).toBe('?range=7d');
    await page.key('?');
    expect(page.text('dialog')).toContain('go to Alerts');
    await page.click('Close');
    await page.key('/');
    expect(window.location.pathname).toBe('/logs');
    await page.key('/');
    expect(document.activeElement?.getAttribute('name')).toBe('text');
  });
});

describe('the reader’s choices', () => {
  it('are the theme, remembered, and the zone of the clock', async () => {
    const page = await openPage('/');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    await page.click('Light');
    expect(document.documentElement.dataset['theme']).toBe('light');
    await openPage('/');
    expect(document.documentElement.dataset['theme']).toBe('light');
    await page.click('Local');
    expect(page.text('nav')).toContain('UTC');
  });
});
