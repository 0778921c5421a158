import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAcknowledgeSigner } from '@nps/oracle-alerts';
import { launchBrowser, waitFor } from '@nps/testing';
import type { Browser, Page } from 'playwright-core';
import type { World } from '../server/world.js';
import { createExampleStack } from './example-stack.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const CHART = '.recharts-surface';
const linkSecret = 'links-'.repeat(6);
const linkToken = createAcknowledgeSigner(linkSecret)({ key: 'down/api', incident: 1, at: Date.now() });
const views = [
  { name: 'overview', path: '/', shows: CHART },
  { name: 'service', path: '/services/oracle', shows: `.log, ${CHART}` },
  { name: 'alerts', path: '/alerts', shows: '.alert-row' },
  { name: 'alert', path: '/alerts/down%2Fapi', shows: '.pairs' },
  { name: 'jobs', path: '/jobs', shows: '.run-ticks' },
  { name: 'costs', path: '/costs', shows: 'main h1' },
  { name: 'logs', path: '/logs', shows: '.log-line' },
  { name: 'slo', path: '/slo', shows: '.budget-bar' },
  { name: 'settings', path: '/settings', shows: 'table' },
  { name: 'acknowledge', path: `/ack/${linkToken}`, shows: 'form' },
] as const;
const widths = [375, 768, 1280, 3840] as const;
const themes = ['dark', 'light'] as const;
/** Where to leave pictures for people; none are kept otherwise. */
const pictures = process.env['SCREENSHOT_DIRECTORY'];

let world: World;
let browser: Browser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createExampleStack({ ACK_LINK_SECRET: linkSecret }), launchBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await world?.remove();
});

/** Opens a view in a window of its own, without transitions, so that a colour is what it is; whatever the browser complains about is kept. */
async function open(path: string): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${world.url}${path}`);
  await waitFor(async () => !/…/.test(await page.innerText('h1')), { what: 'the sentence' });
  await page.evaluate(axeSource);
  return { page, complaints };
}

/** What axe finds, in words. */
function violations(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  });
}

describe('every view', () => {
  it.each(views)(
    '$name fits 375 to 3840 px in both themes without axe violations or complaints of the browser',
    async ({ name, path, shows }) => {
      const { page, complaints } = await open(path);
      await page.waitForSelector(shows, { timeout: 10_000, state: 'attached' });
      for (const theme of themes) {
        if (theme === 'light') await page.getByRole('button', { name: 'Use the light theme' }).click();
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect({ width, theme, overflow }).toEqual({ width, theme, overflow: 0 });
          if (pictures !== undefined) {
            mkdirSync(pictures, { recursive: true });
            await page.screenshot({ path: `${pictures}/${name}-${width}-${theme}.png`, fullPage: true });
          }
          // A colour on its way from one theme to the other is no colour of either.
          await page.evaluate(() =>
            Promise.all(
              document
                .getAnimations()
                .filter((it) => it instanceof CSSTransition)
                .map(({ finished }) => finished),
            ),
          );
          expect({ width, theme, violations: await violations(page) }).toEqual({ width, theme, violations: [] });
        }
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    // Eight looks of axe: a minute is too little where other suites run.
    240_000,
  );
});

describe('the overview', () => {
  it('gives every service one line of 36 px at a desk, and its name one line on a phone', async () => {
    const { page } = await open('/');
    const heights = (selector: string) =>
      page
        .locator(selector)
        .evaluateAll((elements) => elements.map((it) => Math.round(it.getBoundingClientRect().height)));
    expect(await heights('.services tbody tr')).toEqual([36, 36, 36, 36]);
    await page.setViewportSize({ width: 375, height: 812 });
    expect(await heights('.services .c-name')).toEqual([36, 36, 36, 36]);
    await page.context().close();
  }, 60_000);
});

describe('what opens on a view', () => {
  it('is a chart as a table, a line in full, the keys and a sign-in, all without axe violations', async () => {
    const { page, complaints } = await open('/services/oracle');
    await page.waitForSelector(CHART);
    await page.getByRole('button', { name: 'Response time: show as table' }).click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.waitForSelector('.log-line');
    await page.getByRole('button', { name: 'more' }).first().click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('button', { name: 'Plan maintenance' }).click();
    await page.waitForSelector('dialog[open]');
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('is the log of the moment that was clicked in a chart, and the address says which', async () => {
    const { page } = await open('/services/oracle');
    await page.waitForSelector(CHART);
    const box = await page.locator(CHART).first().boundingBox();
    if (box === null) throw new Error('no chart');
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2);
    await page.waitForSelector('.reading');
    await page.mouse.down();
    await page.mouse.up();
    await waitFor(() => new URL(page.url()).searchParams.has('at'), { what: 'the moment in the address' });
    await waitFor(async () => (await page.innerText('main')).includes('the moment you chose'), { what: 'its log' });
    const at = Date.parse(new URL(page.url()).searchParams.get('at') ?? '');
    const ago = Date.now() - at;
    expect(ago / 86_400_000).toBeGreaterThan(0.1);
    expect(ago / 86_400_000).toBeLessThan(0.35);
    await page.context().close();
  }, 60_000);
});
