import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { launchBrowser, waitFor } from '@nps/testing';
import type { Browser, Page } from 'playwright-core';
import type { World } from '../server/world.js';
import { createExampleStack } from './example-stack.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const views = [
  { name: 'overview', path: '/' },
  { name: 'service', path: '/services/oracle' },
  { name: 'alerts', path: '/alerts' },
  { name: 'alert', path: '/alerts/down%2Fapi' },
  { name: 'jobs', path: '/jobs' },
  { name: 'costs', path: '/costs' },
  { name: 'logs', path: '/logs' },
  { name: 'slo', path: '/slo' },
  { name: 'settings', path: '/settings' },
] as const;
const widths = [375, 768, 1280, 3840] as const;
const themes = ['dark', 'light'] as const;
/** Where to leave pictures for people; none are kept otherwise. */
const pictures = process.env['SCREENSHOT_DIRECTORY'];

let world: World;
let browser: Browser;

beforeAll(async () => {
  [world, browser] = await Promise.all([createExampleStack(), launchBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await world?.remove();
});

async function open(
  path: string,
  width: number,
  theme: (typeof themes)[number],
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.addInitScript((chosen) => window.localStorage.setItem('theme', chosen), theme);
  await page.goto(`${world.url}${path}`);
  await waitFor(async () => !/…/.test(await page.innerText('h1')), { what: 'the sentence' });
  return { page, complaints };
}

describe.each(views)('$name', ({ name, path }) => {
  it.each(widths.flatMap((width) => themes.map((theme) => ({ width, theme }))))(
    'fits $width px in the $theme theme without axe violations or complaints of the browser',
    async ({ width, theme }) => {
      const { page, complaints } = await open(path, width, theme);
      if (name === 'overview' || name === 'service')
        await page.waitForSelector('.recharts-surface', { timeout: 10_000 });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: `${pictures}/${name}-${width}-${theme}.png`, fullPage: true });
      }
      await page.evaluate(axeSource);
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`,
        );
      });
      expect(violations).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    30_000,
  );
});
