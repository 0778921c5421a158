// The built server as its own process, on a database of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Starts the dashboard over these services and waits until it listens. */
export async function startDashboard(connectionString, names) {
  const directory = mkdtempSync(join(tmpdir(), 'dashboard-bench-'));
  const targets = names.map((name) => ({ name, kind: 'service', url: 'http://127.0.0.1:9' }));
  writeFileSync(join(directory, 'watch.json'), JSON.stringify({ targets }));
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DASHBOARD_PORT: '0',
      DATABASE_URL: connectionString,
      NPS_CONFIG: join(directory, 'watch.json'),
      ALERTER_URL: 'http://127.0.0.1:9',
      // What was seeded stays current for ten minutes.
      ALERT_COLLECT_INTERVAL: '300',
      LOG_DIR: join(directory, 'logs'),
    },
  });
  const url = await listening(child);
  return {
    url,
    /** Resident memory in MB (10^6 bytes). */
    residentMb: () => {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024) / 1e6;
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function listening(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const line = text.split('\n').find((each) => each.includes('"listening"'));
      if (line !== undefined) resolve(JSON.parse(line).url);
    });
    child.once('exit', (code) => reject(new Error(`the dashboard ended with code ${code}`)));
  });
}
