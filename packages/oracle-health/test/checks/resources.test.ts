import { describe, expect, it } from '@jest/globals';
import { readMemoryUsage } from '../../src/checks/memory-usage.js';
import { type Check, createHealth, diskCheck, eventLoopCheck, memoryCheck, uptimeCheck } from '../../src/index.js';

async function run(check: Check) {
  return (await createHealth({ service: 'x', version: '1', checks: [check] }).check()).checks[check.name];
}

describe('diskCheck', () => {
  it('measures the share in use of a real file system', async () => {
    const disk = await run(diskCheck({ path: '/' }));
    expect(disk).toMatchObject({ critical: false, unit: 'ratio' });
    expect(disk?.value).toBeGreaterThan(0);
    expect(disk?.value).toBeLessThanOrEqual(1);
  });

  it('warns above one threshold and fails above the other', async () => {
    expect(await run(diskCheck({ warningRatio: 0 }))).toMatchObject({ status: 'warning', error: 'THRESHOLD' });
    expect(await run(diskCheck({ warningRatio: 0, errorRatio: 0 }))).toMatchObject({
      status: 'error',
      error: 'THRESHOLD',
    });
  });

  it('refuses thresholds in the wrong order', () => {
    expect(() => diskCheck({ warningRatio: 0.95, errorRatio: 0.9 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
    expect(() => diskCheck({ warningRatio: 2 })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('memoryCheck', () => {
  const meminfo = 'MemTotal:       1000 kB\nMemFree:   1 kB\nMemAvailable:    400 kB\n';
  const files = (texts: Record<string, string>) => async (path: string) => texts[path];
  const v2 = (max: string, current: string, stat = '') => ({
    '/proc/meminfo': meminfo,
    '/sys/fs/cgroup/memory.max': max,
    '/sys/fs/cgroup/memory.current': current,
    '/sys/fs/cgroup/memory.stat': stat,
  });

  it('takes the limit of the container, without the cache that can be dropped', async () => {
    const read = files(v2('512000\n', '300000\n', 'anon 5\ninactive_file 100000\n'));
    expect(await readMemoryUsage(read)).toEqual({ usedBytes: 200_000, limitBytes: 512_000 });
  });

  it('takes the machine when the container has no limit, or one beyond the machine', async () => {
    const machine = { usedBytes: 600 * 1024, limitBytes: 1_000 * 1024 };
    expect(await readMemoryUsage(files(v2('max\n', '300000\n')))).toEqual(machine);
    expect(await readMemoryUsage(files(v2('9999999999\n', '1\n')))).toEqual(machine);
    expect(await readMemoryUsage(files({ '/proc/meminfo': meminfo }))).toEqual(machine);
  });

  it('reads the older cgroups too', async () => {
    const read = files({
      '/proc/meminfo': meminfo,
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '500000',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '480000',
      '/sys/fs/cgroup/memory/memory.stat': 'total_inactive_file 5000\n',
    });
    expect(await readMemoryUsage(read)).toEqual({ usedBytes: 475_000, limitBytes: 500_000 });
    expect(await run(memoryCheck({ read }))).toMatchObject({ status: 'warning', value: 0.95, unit: 'ratio' });
  });

  it('asks the operating system when there is no /proc', async () => {
    const usage = await readMemoryUsage(async () => undefined);
    expect(usage.limitBytes).toBeGreaterThan(usage.usedBytes);
    expect((await run(memoryCheck()))?.value).toBeGreaterThan(0);
  });
});

describe('uptimeCheck', () => {
  it('is always ok and says for how many seconds the process runs', async () => {
    expect(await run(uptimeCheck())).toMatchObject({ status: 'ok', unit: 'seconds', value: expect.any(Number) });
  });
});

describe('eventLoopCheck', () => {
  const block = (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };

  it('measures one turn of the loop when nothing watches it', async () => {
    expect(await run(eventLoopCheck())).toMatchObject({ unit: 'milliseconds', value: expect.any(Number) });
  });

  it('tells the worst stand-still since its last run, in three steps', async () => {
    const check = eventLoopCheck({ warningMs: 80, errorMs: 250 });
    const end = check.watch?.();
    const signal = new AbortController().signal;
    const turn = () => new Promise((resolve) => setTimeout(resolve, 30));
    await turn();
    await check.run(signal);
    block(150);
    await turn();
    expect(await check.run(signal)).toMatchObject({ status: 'warning', error: 'THRESHOLD' });
    block(400);
    await turn();
    expect(await check.run(signal)).toMatchObject({
      status: 'error',
      error: 'BLOCKED',
      detail: expect.stringMatching(/stood still for [34]\d\d ms/),
    });
    await turn();
    expect(await check.run(signal)).toMatchObject({ status: 'ok' });
    end?.();
  });
});
