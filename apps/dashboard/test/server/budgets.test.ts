import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';

const assets = fileURLToPath(new URL('../../dist/web/assets', import.meta.url));
const gzipKb = (start: string, end: string) => {
  const name = readdirSync(assets).find((file) => file.startsWith(start) && file.endsWith(end));
  if (name === undefined) throw new Error(`no ${start}*${end}: run npm run build first`);
  return gzipSync(readFileSync(join(assets, name)), { level: 9 }).length / 1000;
};

describe('the page’s weight, compressed', () => {
  it('is at most 90 kB for what is loaded first', () => {
    const first = gzipKb('index-', '.js');
    expect(first).toBeGreaterThan(20);
    expect(first).toBeLessThanOrEqual(90);
  });

  it('is at most 20 kB for all other views together', () => {
    expect(gzipKb('views-', '.js')).toBeLessThanOrEqual(20);
  });

  it('is at most 110 kB for the charts, which come later', () => {
    expect(gzipKb('SeriesChart-', '.js')).toBeLessThanOrEqual(110);
  });

  it('is at most 6 kB for the whole theme', () => {
    expect(gzipKb('index-', '.css')).toBeLessThanOrEqual(6);
  });
});
