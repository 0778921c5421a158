import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { launchBrowser, waitFor } from '@nps/testing';
import type { Browser, Page } from 'playwright-core';
import { type Stack, startStack } from './stack.js';

/** A5: accepted by the channel at most 30 s after the trigger. */
const BOUND_MS = 30_000;

/** Two evaluations and a re-probe: what would be sent wrongly is sent by then. */
const QUIET_MS = 25_000;

let stack: Stack;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  stack = await startStack([], {
    LOAD_PER_MINUTE: '240',
    LOAD_SEED: '7',
    ACK_LINK_SECRET: randomBytes(32).toString('hex'),
  });
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
});
afterAll(async () => {
  console.log(`${stack?.timeline()}\n`);
  await browser?.close();
  await stack?.remove();
});

it('shows the healthy Oracle with its numbers in the browser', async () => {
  const status = await waitFor(
    async () => {
      const body = (await (await fetch(`${stack.dashboardUrl}/api/status`)).json()) as Status;
      return (body.oracle?.metrics?.usage?.readings_per_hour ?? 0) > 0 && body;
    },
    { timeoutMs: 60_000, what: 'readings in /api/status' },
  );
  expect(status.oracle.health.status).toBe('healthy');
  expect(status.oracle.metrics.performance.reading_time.p95).toBeGreaterThan(0);
  expect(status.database.latency_ms).toBeGreaterThan(0);

  await page.goto(stack.dashboardUrl);
  await waitFor(async () => /is healthy|are healthy/i.test(await page.innerText('h1')), { what: 'the sentence' });
  const text = await page.innerText('main');
  expect(text).toMatch(/\d+\/h/);
  expect(text).toMatch(/\d+(\.\d+)? ms/);
  expect(await page.title()).not.toContain('down');
});

it('tells within 30 s of a SIGKILL that the Oracle is down, and the page says since when', async () => {
  const killedAt = stack.mark('the Oracle is killed (SIGKILL)');
  expect(await stack.demo('down')).toContain('within 30 s');
  const text = await stack.message('🚨 CRITICAL: Oracle service is DOWN! Error: ', killedAt, BOUND_MS);
  expect(text).toMatch(/Component:/);
  expect(text).toMatch(/Time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  expect(stack.telegram.messages.at(-1)?.at).toBeLessThanOrEqual(killedAt + BOUND_MS);
  await waitFor(async () => /Oracle is down since/i.test(await page.innerText('h1')), {
    timeoutMs: 15_000,
    what: 'the page to say it',
  });
  expect(await page.title()).toContain('1 down');
});

it('lets whoever has the message take the alert over by its link, while looking alone changes nothing', async () => {
  const text = stack.telegram.messages.at(-1)?.text ?? '';
  const link = /\nAcknowledge: (\S+)$/.exec(text)?.[1] ?? 'no link';
  const look = async () => (await (await fetch(`${stack.dashboardUrl}/api/alerts`)).json()) as Alerts;
  const owner = async () => (await look()).open.find(({ rule }) => rule === 'down')?.acknowledged_by;
  // As the preview of a chat does.
  expect((await fetch(link)).status).toBe(200);
  await page.goto(link);
  await waitFor(async () => /DOWN/.test(await page.innerText('h1')), { what: 'the alert' });
  expect(await owner()).toBeNull();
  await page.getByLabel('Your name').fill('Ann');
  await page.getByRole('button', { name: 'Acknowledge for 4 hours' }).click();
  await waitFor(async () => (await page.innerText('main')).includes('Ann'), { what: 'the page to say who has it' });
  expect(await owner()).toBe('Ann');
  // Within 5 s the alerter has taken it up and written it into the story.
  await waitFor(async () => (await look()).history.some(({ kind }) => kind === 'acknowledged'), {
    timeoutMs: 15_000,
    what: 'the alerter to know it',
  });
  const token = link.split('/').at(-1) ?? link;
  expect(stack.logs().length).toBeGreaterThan(1000);
  expect(stack.logs() + stack.output()).not.toContain(token);
});

it('tells within 30 s that it has recovered', async () => {
  const revivedAt = stack.mark('the Oracle is started again');
  await stack.demo('recover');
  await stack.message('ℹ️ INFO: Oracle service recovered', revivedAt, BOUND_MS);
});

it('warns when more than 5 % of the operations fail', async () => {
  const brokenAt = stack.mark('operations start to fail');
  await stack.demo('errors');
  const text = await stack.message('⚠️ WARNING: Oracle error rate ', brokenAt, 150_000);
  expect(text).toMatch(/error rate \d+(\.\d+)?% \(threshold: 5%\)/);
  await stack.demo('recover');
  stack.mark('operations succeed again');
});

it('keeps the minutes as history, and draws them', async () => {
  const readPoints = async (): Promise<readonly { p95: number | null }[]> => {
    const reply = await fetch(`${stack.dashboardUrl}/api/history?service=oracle&operation=reading&range=1h`);
    return ((await reply.json()) as { points: readonly { p95: number | null }[] }).points;
  };
  const points = await waitFor(async () => (await readPoints()).length > 0 && (await readPoints()), {
    timeoutMs: 100_000,
    everyMs: 500,
    what: 'a sealed minute in the history',
  });
  expect(points[0]?.p95).toBeGreaterThan(0);
  await page.goto(`${stack.dashboardUrl}/services/oracle?range=1h`);
  await page.waitForSelector('.recharts-surface', { timeout: 20_000 });
});

it('has sent nothing else, and stops in order', async () => {
  const quietFrom = stack.mark(`quiet for ${QUIET_MS / 1000} s`);
  await waitFor(() => Date.now() > quietFrom + QUIET_MS || stack.telegram.messages.length > 3, { timeoutMs: 60_000 });
  expect(stack.telegram.messages.map(({ text }) => text.split('\n', 1)[0])).toHaveLength(3);
  expect(await stack.stop()).toBe(0);
  expect(stack.output()).toContain('stopped');
  await expect(fetch(stack.dashboardUrl)).rejects.toThrow('fetch failed');
});

interface Alerts {
  readonly open: readonly { readonly rule: string; readonly acknowledged_by: string | null }[];
  readonly history: readonly { readonly kind: string }[];
}

interface Status {
  readonly oracle: {
    readonly health: { readonly status: string };
    readonly metrics: {
      readonly usage: { readonly readings_per_hour: number | null };
      readonly performance: { readonly reading_time: { readonly p95: number | null } };
    };
  };
  readonly database: { readonly latency_ms: number };
}
