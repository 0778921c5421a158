// The page in a real Chromium: first load, one refresh, two thousand refreshes, Lighthouse.
import { launchBrowser } from '@nps/testing';

const REFRESH_MS = 5000;

/** Milliseconds from the start of the navigation to the first row of the overview; a fresh browser profile each time. */
export async function measureFirstLoad(browser, url, rounds) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    times.push(
      await page.evaluate(
        () =>
          new Promise((resolve) => {
            const look = () =>
              document.querySelector('main tbody tr, main [role="row"] a, main a[href^="/services/"]') === null
                ? requestAnimationFrame(look)
                : resolve(performance.now());
            look();
          }),
      ),
    );
    await context.close();
  }
  return times.sort((a, b) => a - b);
}

/** Main-thread milliseconds of each refresh: script, style and layout, as Chromium counts them. */
export async function measureRefresh(browser, url, rounds) {
  const { context, page, refresh } = await openPage(browser, url);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const busyMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = await busyMs();
    await refresh();
    times.push((await busyMs()) - before);
  }
  await context.close();
  return times.sort((a, b) => a - b);
}

/**
 * Heap, nodes and listeners of the page after every so many refreshes, garbage collected.
 * @returns one figure per part
 */
export async function measureMemory(browser, url, refreshes, parts) {
  const { context, page, refresh } = await openPage(browser, url);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const figures = [];
  for (let part = 0; part <= parts; part += 1) {
    if (part > 0) for (let turn = 0; turn < refreshes / parts; turn += 1) await refresh();
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const value = (wanted) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
    figures.push({
      heapMb: value('JSHeapUsedSize') / 1e6,
      nodes: value('Nodes'),
      listeners: value('JSEventListeners'),
    });
  }
  await context.close();
  return figures;
}

/** A page whose clock is ours: a refresh comes when we say so. */
async function openPage(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(url);
  await page.waitForSelector('main a[href^="/services/"]');
  const refresh = async () => {
    const answered = page.waitForResponse((response) => response.url().includes('/api/status'));
    await page.clock.fastForward(REFRESH_MS + 100);
    await (await answered).finished();
    await page.evaluate(() => document.body.offsetHeight);
  };
  await refresh();
  return { context, page, refresh };
}

/** Lighthouse's desktop scores, 0–100. */
export async function measureLighthouse(url) {
  const [{ default: lighthouse, desktopConfig }, browser] = await Promise.all([
    import('lighthouse'),
    launchDebuggable(),
  ]);
  try {
    const run = await lighthouse(url, { port: browser.port, output: 'json', logLevel: 'error' }, desktopConfig);
    const { categories, audits } = run.lhr;
    const score = (name) => Math.round(100 * (categories[name]?.score ?? Number.NaN));
    return {
      performance: score('performance'),
      accessibility: score('accessibility'),
      bestPractices: score('best-practices'),
      failed: Object.values(audits)
        .filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== 'informative')
        .map(({ id, displayValue }) => `${id} ${displayValue ?? ''}`.trim()),
    };
  } finally {
    await browser.close();
  }
}

async function launchDebuggable() {
  const port = 20_000 + (process.pid % 20_000);
  const browser = await launchBrowser([`--remote-debugging-port=${port}`]);
  return { port, close: () => browser.close() };
}
