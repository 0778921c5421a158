import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { launchBrowser, waitFor } from '@nps/testing';
import type { Browser } from 'playwright-core';
import { createDashboard } from '../../src/server/dashboard.js';
import { NOBODY, testConfig } from '../server/world.js';
import { createExampleStack, pageDirectory } from './example-stack.js';
import { openPage } from './open-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser?.close());

describe('the page over time', () => {
  it('refreshes in place every five seconds and asks for nothing while it is hidden', async () => {
    const world = await createExampleStack();
    const { page, requests } = await openPage(browser, world.url);
    await page.evaluate(() => document.querySelector('.services')?.setAttribute('data-same', 'yes'));
    const asked = () => requests.filter((url) => url.endsWith('/api/status')).length;
    const first = asked();
    await waitFor(() => asked() >= first + 2, { timeoutMs: 20_000, what: 'two refreshes' });
    expect(await page.getAttribute('.services', 'data-same')).toBe('yes');
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    const before = asked();
    await page.waitForTimeout(6500);
    expect(asked() - before).toBeLessThanOrEqual(1);
    await page.context().close();
    await world.remove();
  }, 60_000);

  it('says that the server is away, keeps the figures, and comes back by itself', async () => {
    const file = { targets: [{ name: 'oracle', kind: 'service' as const, url: NOBODY }], document: {}, text: '' };
    const deps = { file, pageDirectory, redact: (text: string) => text, onError: () => undefined };
    const first = createDashboard(testConfig({}), deps);
    const { port } = await first.start();
    const { page } = await openPage(browser, `http://127.0.0.1:${port}`);
    const sentence = await page.innerText('h1');
    await first.stop();
    await waitFor(async () => (await page.innerText('.banners')).includes('does not answer'), {
      timeoutMs: 20_000,
      what: 'the banner',
    });
    expect((await page.innerText('h1')).slice(0, 15)).toBe(sentence.slice(0, 15));
    const second = createDashboard(testConfig({ DASHBOARD_PORT: String(port) }), deps);
    await second.start();
    await waitFor(async () => !(await page.innerText('.banners')).includes('server does not answer'), {
      timeoutMs: 20_000,
      what: 'the banner to go',
    });
    await page.context().close();
    await second.stop();
  }, 60_000);

  it('asks who may not read to sign in, and shows what they came for once they did', async () => {
    const token = 'correct-'.repeat(4);
    const world = await createExampleStack({
      DASHBOARD_HOST: '0.0.0.0',
      DASHBOARD_TOKEN: token,
      DASHBOARD_URL: 'http://127.0.0.1',
    });
    const { page } = await openPage(browser, `${world.url}/settings`);
    expect(await page.innerText('h1')).toBe('Sign in to see this dashboard.');
    await page.locator('main button').click();
    await page.getByLabel('Token').fill('wrong');
    await page.locator('dialog button[type=submit]').click();
    await waitFor(async () => (await page.innerText('dialog')).includes('Not signed in. The token'), {
      what: 'the refusal',
    });
    await page.getByLabel('Token').fill(token);
    await page.locator('dialog button[type=submit]').click();
    await waitFor(async () => /targets/.test(await page.innerText('h1')), { what: 'the settings' });
    await page.context().close();
    await world.remove();
  }, 60_000);

  it('lets a person sign in, take an alert over, silence it and sign out', async () => {
    const token = 'correct-'.repeat(4);
    const world = await createExampleStack({ DASHBOARD_TOKEN: token });
    const { page } = await openPage(browser, `${world.url}/alerts/down%2Fapi`);
    await page.keyboard.press('a');
    await page.getByLabel('Token').fill('wrong');
    await page.locator('dialog button[type=submit]').click();
    await waitFor(async () => (await page.innerText('dialog')).includes('not right'), { what: 'the refusal' });
    await page.getByLabel('Token').fill(token);
    await page.locator('dialog button[type=submit]').click();
    await waitFor(async () => (await page.innerText('nav')).includes('operator'), { what: 'the sign-in' });
    await page.keyboard.press('a');
    await waitFor(async () => (await page.innerText('main')).includes('operator has it'), {
      what: 'the acknowledgement',
    });
    await page.keyboard.press('s');
    await page.getByLabel('Why').fill('planned work');
    await page.locator('dialog button[type=submit]').click();
    await waitFor(async () => (await page.locator('dialog').count()) === 0, { what: 'the dialog to close' });
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await waitFor(async () => (await page.innerText('main')).includes('planned work'), { what: 'the silence' });
    await page.getByRole('button', { name: /sign out/ }).click();
    await waitFor(async () => (await page.innerText('nav')).includes('Sign in'), { what: 'the sign-out' });
    await page.context().close();
    await world.remove();
  }, 60_000);
});
