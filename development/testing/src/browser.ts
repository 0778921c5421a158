import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

/**
 * A real Chromium: `CHROMIUM` if set, else the one npm brings (linux-x64), else the system's.
 * @param flags more of Chromium's own, such as `--remote-debugging-port=0`
 */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ ...(await findChromium()), args: [...FLAGS, ...flags], headless: true });
}

interface Executable {
  readonly executablePath: string;
  readonly env?: Record<string, string>;
}

async function findChromium(): Promise<Executable> {
  if (process.env['CHROMIUM']) return { executablePath: process.env['CHROMIUM'] };
  if (process.platform === 'linux' && process.arch === 'x64') return unpackBundled();
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!path) throw new Error('No Chromium found: set CHROMIUM to the path of a Chromium or Chrome.');
  return { executablePath: path };
}

const UNPACK = `
const { default: bundled } = await import('@sparticuz/chromium');
const { LD_LIBRARY_PATH } = process.env;
console.log(JSON.stringify({ executablePath: await bundled.executablePath(), env: { LD_LIBRARY_PATH } }));
`;

/**
 * The package unpacks itself into the temporary folder, and its libraries only where it believes to run on a bare machine;
 * it reads both from its environment, so it is asked in a process of its own. A folder a user: what another user
 * unpacked could not be run.
 */
async function unpackBundled(): Promise<Executable> {
  const own = join(tmpdir(), `chromium-${process.getuid?.() ?? 'any'}`);
  mkdirSync(own, { recursive: true });
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', UNPACK], {
    cwd: import.meta.dirname,
    env: { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x', ...process.env, TMPDIR: own },
  });
  const { executablePath, env } = JSON.parse(stdout) as Required<Executable>;
  const inherited = process.env as Record<string, string>;
  return { executablePath, env: { ...inherited, ...env, FONTCONFIG_FILE: storeFontList(own) } };
}

/** The package's own list names folders outside of ours: where those are empty a page dies of its first letter in a chart. */
function storeFontList(own: string): string {
  const path = join(own, 'fonts.conf');
  const list = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(own, 'fonts')}</dir><cachedir>${join(own, 'fonts-cache')}</cachedir></fontconfig>
`;
  // Others may be starting one at this moment: they read all of it or the one before.
  writeFileSync(`${path}.${process.pid}`, list);
  renameSync(`${path}.${process.pid}`, path);
  return path;
}
