import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSystemClock } from '@nps/oracle-alerts';
import { redact } from '@nps/oracle-logger';
import { lookOnce, type OnceReport } from '../../src/commands/once.js';
import { readConfig } from '../../src/config.js';
import { parseSettings } from '../../src/settings.js';
import { type ServiceTarget, startServiceTarget } from '../service-target.js';

let target: ServiceTarget;
let exporter: Server;

beforeEach(async () => {
  target = await startServiceTarget();
  exporter = createServer((_request, response) => void response.end('# TYPE nginx_up gauge\nnginx_up 0\n'));
  await new Promise<void>((resolve) => void exporter.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  exporter.closeAllConnections();
  await Promise.all([target.kill(), new Promise((resolve) => void exporter.close(resolve))]);
});

function look(targets: readonly object[], rules?: readonly object[]): Promise<OnceReport> {
  const read = readConfig({});
  if ('faults' in read) throw new Error(read.faults.join());
  const parsed = parseSettings({ targets, ...(rules === undefined ? {} : { rules }) }, read.config);
  if ('faults' in parsed) throw new Error(parsed.faults.join());
  return lookOnce(read.config, parsed.settings, { clock: createSystemClock(), redact });
}

describe('--once', () => {
  it('is content while all targets are well', async () => {
    const { lines, exitCode } = await look([{ name: 'oracle', kind: 'service', url: target.url }]);
    expect(exitCode).toBe(0);
    expect(lines[0]).toMatch(
      /^✓ oracle +healthy +\d+ ms {2}http:\/\/127\.0\.0\.1:\d+ {2}0 operations and 0 errors in 5 min$/,
    );
    expect(lines.at(-1)).toBe('all 1 targets are well');
  });

  it('looks twice at what is down and says what would be told', async () => {
    target.state = 'down';
    const { lines, exitCode } = await look([
      { name: 'oracle', kind: 'service', url: target.url },
      { name: 'gone', kind: 'tcp', url: 'tcp://127.0.0.1:1' },
    ]);
    expect(exitCode).toBe(1);
    expect(target.asked['/health']).toBe(2);
    expect(lines.filter((line) => line.startsWith('→ would alert: critical down'))).toHaveLength(2);
    expect(lines.at(-1)).toBe('2 of 2 targets down, 2 alerts');
  }, 15_000);

  it('marks what works only in part, without an alert', async () => {
    target.state = 'degraded';
    const { lines, exitCode } = await look([{ name: 'oracle', kind: 'service', url: target.url }]);
    expect(lines[0]).toMatch(/^! oracle +degraded/);
    expect(exitCode).toBe(0);
  });

  it('judges the metrics of a page that is not ours', async () => {
    const url = `http://127.0.0.1:${(exporter.address() as AddressInfo).port}/metrics`;
    const rule = {
      name: 'nginx_down',
      signal: 'nginx_up',
      comparison: 'below',
      threshold: 1,
      unit: 'count',
      severity: 'critical',
      summary: 'x',
    };
    const { lines, exitCode } = await look([{ name: 'nginx', kind: 'prometheus', url }], [rule]);
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toContain('1 samples');
    expect(lines.join('\n')).toContain('→ would alert: critical nginx_down for nginx (0, threshold 1)');
  });
});
