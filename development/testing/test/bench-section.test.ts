import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { benchSection, replaceSection } from '../src/bench-section.js';

const document = 'before\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nafter\n';

describe('the report of a benchmark', () => {
  let printed = '';

  beforeEach(() => {
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env['BENCH_WRITE'];
    process.exitCode = undefined;
  });

  it('prints a figure beside its bound, tells which were missed and fails the run', () => {
    const section = benchSection('x');
    expect(section.bar('ours ÷ theirs', 3.456, '×', { atLeast: 3 })).toBe(true);
    expect(section.bar('p99', 120.4, ' ms', { atMost: 100 })).toBe(false);
    section.figure('memory', 12, ' MB');
    section.finish();
    expect(printed).toContain('reached  ours ÷ theirs: 3.46× (≥ 3×)');
    expect(printed).toContain('MISSED   p99: 120 ms (≤ 100 ms)');
    expect(printed).toContain('1 of 3 bars were missed.');
    expect(process.exitCode).toBe(1);
  });

  it('leaves the document alone unless it is told to write it', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'bench-')), 'performance.md');
    writeFileSync(path, document);
    benchSection('x', path).finish();
    expect(readFileSync(path, 'utf8')).toBe(document);
    expect(printed).toContain('Every bar was reached.');
  });

  it('rewrites its own part of the document and nothing else', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'bench-')), 'performance.md');
    writeFileSync(path, document);
    process.env['BENCH_WRITE'] = '1';
    const section = benchSection('x', path);
    section.table('Speed', ['what', 'k lines/s'], [['ours', 910]]);
    section.bar('ours ÷ theirs', 3, '×', { atLeast: 3 });
    section.finish();
    const written = readFileSync(path, 'utf8');
    expect(written).toMatch(/^before\n<!-- bench:x -->\n\n\*\*Speed\*\*/u);
    expect(written).toContain('| ours | 910       |');
    expect(written).toContain('| ours ÷ theirs | 3×       | ≥ 3× | reached |');
    expect(written).not.toContain('old');
    expect(written).toMatch(/<!-- \/bench:x -->\nafter\n$/u);
  });

  it('refuses a document without its markers', () => {
    expect(() => replaceSection('nothing', 'x', '')).toThrow('needs the lines <!-- bench:x -->');
  });
});
