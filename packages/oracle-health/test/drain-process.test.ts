import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@nps/testing';

interface Seen {
  readonly status: number;
  /** Monotonic. */
  readonly at: number;
}

/** One request on a connection of its own, as kubelet and many load balancers make them; status 0 is a lost one. */
function ask(port: number, path: string): Promise<Seen> {
  return new Promise((resolve) => {
    const end = (status: number) => resolve({ status, at: performance.now() });
    get({ host: '127.0.0.1', port, path, agent: false, timeout: 5_000 }, (response) => {
      response.resume().on('end', () => end(response.statusCode ?? 0));
    }).on('error', () => end(0));
  });
}

async function start(thread: string): Promise<{ child: ChildProcess; work: number; sidecar: number }> {
  if (!existsSync('dist/esm/index.js')) throw new Error('Build the package first: npm run build');
  const child = spawn(process.execPath, ['test/peers/service.mjs', thread], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, ...(JSON.parse(line.toString()) as { work: number; sidecar: number }) };
}

describe('a service that gets SIGTERM under load', () => {
  it.each(['worker', 'main'])(
    'loses no request while its probes send the traffic elsewhere (thread: %s)',
    async (thread) => {
      const { child, work, sidecar } = await start(thread);
      const exited = once(child, 'exit') as Promise<[number | null]>;
      const probes: Record<string, Seen[]> = { '/readyz': [], '/livez': [], '/health': [] };
      const requests: Seen[] = [];
      const sending = new AbortController();
      const watching = new AbortController();
      const probing = Object.entries(probes).map(async ([path, seen]) => {
        while (!watching.signal.aborted) {
          seen.push(await ask(sidecar, path));
          await delay(20);
        }
      });
      const callers = Array.from({ length: 10 }, async () => {
        while (!sending.signal.aborted) requests.push(await ask(work, '/'));
      });
      const last = (path: string) => probes[path]?.at(-1)?.status;
      await waitFor(() => requests.length > 100 && last('/readyz') === 200);

      const toldAt = performance.now();
      child.kill('SIGTERM');
      await waitFor(() => last('/readyz') === 503);
      // The news takes its time to reach whoever sends traffic here.
      await delay(500);
      sending.abort();
      await Promise.all(callers);
      watching.abort();
      await Promise.all(probing);
      const [code] = await exited;

      const ready = probes['/readyz'] ?? [];
      const notReadyAt = ready.find(({ status }) => status === 503)?.at ?? Number.NaN;
      const afterwards = requests.filter(({ at }) => at > toldAt).length;
      process.stdout.write(
        `SIGTERM (${thread}): /readyz 503 after ${Math.round(notReadyAt - toldAt)} ms; ${requests.length} requests, ${afterwards} of them after the signal, ${requests.filter(({ status }) => status !== 200).length} lost\n`,
      );
      expect(new Set(requests.map(({ status }) => status))).toEqual(new Set([200]));
      expect(afterwards).toBeGreaterThan(10);
      for (const path of ['/livez', '/health'])
        expect(new Set(probes[path]?.map(({ status }) => status))).toEqual(new Set([200]));
      expect(ready.map(({ status }) => status).join()).toMatch(/^(?:200,)+503(?:,503)*$/);
      expect(code).toBe(0);
    },
    30_000,
  );
});
