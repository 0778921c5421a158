import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Single-process and background-network flags of the npm build break pages or call home; these do neither. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real Chromium: `CHROMIUM` if set, else the one npm brings (linux-x64), else the system's. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args: FLAGS, headless: true });
}

async function findChromium(): Promise<string> {
  if (process.env['CHROMIUM']) return process.env['CHROMIUM'];
  if (process.platform === 'linux' && process.arch === 'x64') {
    // The package unpacks its libraries only where it believes to run on a bare machine; it reads this on import.
    process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs20.x';
    const { default: bundled } = await import('@sparticuz/chromium');
    return bundled.executablePath();
  }
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!path) throw new Error('No Chromium found: set CHROMIUM to the path of a Chromium or Chrome.');
  return path;
}
