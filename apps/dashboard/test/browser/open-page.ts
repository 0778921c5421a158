import { waitFor } from '@nps/testing';
import type { Browser, Page } from 'playwright-core';

/** Opens an address in a window of its own and waits for its sentence; keeps what the page asked for. */
export async function openPage(
  browser: Browser,
  url: string,
): Promise<{ readonly page: Page; readonly requests: string[] }> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  await waitFor(async () => !/…/.test(await page.innerText('h1')), { what: 'the sentence' });
  return { page, requests };
}
