import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../src/index.js';
import { sampleMetrics } from './exposition/sample-metrics.js';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
  it('shows the quick start that runs', () => {
    const example = readFileSync('examples/quick-start.mjs', 'utf8');
    expect(readme).toContain(`\`\`\`js\n${example}\`\`\``);
    expect(execFileSync(process.execPath, ['examples/quick-start.mjs'], { encoding: 'utf8' })).toBe(
      'Your number is 7. 1\n',
    );
  });

  it('names every metric of a service', () => {
    const metrics = sampleMetrics();
    metrics.startWatching();
    metrics.stopWatching();
    const names = [
      ...(createMetrics({ service: 'x' }).toPrometheus() + metrics.toPrometheus()).matchAll(/^# TYPE (\S+)/gm),
    ].map(([, name]) => name);
    const own = new Set(['odd_total', 'infinite']);
    expect(names.filter((name) => name !== undefined && !own.has(name) && !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('names every error code', () => {
    const codes = [...readFileSync('src/errors.ts', 'utf8').matchAll(/\| '([A-Z_]+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(4);
    expect(codes.filter((code) => !readme.includes(`\`${code}\``))).toEqual([]);
  });
});
