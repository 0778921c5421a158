import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    return unpackBundled();
  }
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!path) throw new Error('No Chromium found: set CHROMIUM to the path of a Chromium or Chrome.');
  return path;
}

/**
 * The package unpacks itself into the temporary folder, and its libraries only where it believes to run on a bare machine.
 * A folder a user: what another user unpacked could not be run.
 */
async function unpackBundled(): Promise<string> {
  const before = process.env['TMPDIR'];
  const own = join(tmpdir(), `chromium-${process.getuid?.() ?? 'any'}`);
  mkdirSync(own, { recursive: true });
  process.env['TMPDIR'] = own;
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs20.x';
  try {
    const { default: bundled } = await import('@sparticuz/chromium');
    return await bundled.executablePath();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
