import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createJobMonitor } from '@nps/oracle-metrics';
import { launchBrowser, waitFor } from '@nps/testing';
import type { Browser, Page } from 'playwright-core';
import { alertView, healthReport, seedAlert, seedService } from '../server/seeded-database.js';
import { createWorld, NOBODY, type World } from '../server/world.js';
import { pageDirectory } from './example-stack.js';
import { openPage } from './open-page.js';
import { payloads } from './payloads.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser?.close());

describe('hostile text from services', () => {
  let world: World;
  let directory: string;
  beforeAll(async () => {
    const nowMs = Date.now();
    directory = mkdtempSync(join(tmpdir(), 'hostile-'));
    const lines = payloads.map((text, index) =>
      JSON.stringify({
        timestamp: new Date(nowMs - index * 1000).toISOString(),
        level: 'ERROR',
        service: 'oracle',
        message: `m${text}`,
        user_id: `u${text}`,
        action: `a${text}`,
      }),
    );
    writeFileSync(join(directory, 'oracle.log'), `${lines.join('\n')}\n`);
    world = await createWorld({
      env: { ALERT_COLLECT_INTERVAL: '300', LOG_DIR: directory },
      pageDirectory,
      targets: [...payloads.map((text) => `n${text}`.slice(0, 100)), 'w'.repeat(100)].map((displayName, index) => ({
        name: `s${index}`,
        kind: 'service',
        url: NOBODY,
        displayName,
      })),
      seed: async (pool) => {
        const monitor = createJobMonitor({ pool });
        for (const [index, text] of payloads.entries()) {
          const report = healthReport(
            `s${index}`,
            nowMs,
            { [`c${text}`]: { status: 'error', error: 'UNKNOWN' } },
            'degraded',
          );
          await seedService(
            pool,
            { name: `s${index}`, status: 'degraded', past: [], readingMs: null, report, message: `e${text}` },
            nowMs,
          );
          await seedAlert(
            pool,
            alertView(`s${index}`, nowMs, {
              key: `k${text}`,
              rule: `r${text}`,
              summary: `t${text}`,
              detail: `d${text}`,
            }),
          );
          await monitor.monitorJob(`j${text}`, {}, () => Promise.reject(new Error(`x${text}`))).catch(() => undefined);
        }
        await monitor.stop();
      },
    });
  }, 120_000);
  afterAll(async () => {
    await world?.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each([
    ['/', ['n', 'c', 't'], 5],
    ['/alerts', ['t', 'd', 'r'], payloads.length],
    ['/logs', ['m', 'a', 'u'], payloads.length],
    ['/jobs', ['j', 'x'], payloads.length],
    ['/settings', ['n'], payloads.length],
  ])(
    'is shown on %s as it is, runs nothing and pushes nothing out of sight',
    async (path, marks) => {
      const { page, requests } = await openPage(browser, `${world.url}${path}`);
      const text = await page.evaluate(() => document.body.textContent ?? '');
      const shown = marks.map(
        (mark) => payloads.filter((payload) => text.includes(`${mark}${payload}`.slice(0, 100))).length,
      );
      expect(Math.min(...shown)).toBeGreaterThanOrEqual(path === '/' ? 5 : payloads.length);
      expect(await hitOf(page)).toBeUndefined();
      for (const width of [1280, 375]) {
        await page.setViewportSize({ width, height: 900 });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect({ width, overflow }).toEqual({ width, overflow: 0 });
      }
      expect(requests.every((url) => url.startsWith(world.url) || url.startsWith('data:'))).toBe(true);
      await page.context().close();
    },
    60_000,
  );

  it('opens as an alert and as a service of its own without running', async () => {
    const { page } = await openPage(browser, `${world.url}/alerts`);
    const go = (path: string) =>
      page.evaluate((to) => {
        window.history.pushState(null, '', to);
        window.dispatchEvent(new PopStateEvent('popstate'));
      }, path);
    const shows = (selector: string, text: string) =>
      waitFor(async () => (await page.locator(selector).first().textContent())?.includes(text) === true, {
        what: text,
      });
    for (const [index, text] of payloads.entries()) {
      await go(`/alerts/${encodeURIComponent(`k${text}`)}`);
      await shows('h1', `t${text}`);
      await go(`/services/s${index}`);
      await shows('.why', `e${text}`);
    }
    expect(await hitOf(page)).toBeUndefined();
    await page.context().close();
  }, 120_000);
});

function hitOf(page: Page): Promise<number | undefined> {
  return page.evaluate(() => (window as unknown as { hit?: number }).hit);
}
