import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { samplePage } from './sample-page.js';

const PAGE = new URL('../../../../docs/messages.md', import.meta.url);

describe('the page of samples', () => {
  it('shows each rule and channel as it is really rendered (npm run messages writes it)', () => {
    if (process.env['WRITE_MESSAGES'] === '1') writeFileSync(PAGE, samplePage());
    expect(readFileSync(PAGE, 'utf8')).toBe(samplePage());
  });

  it('names a service, a value or a state, a time and a link in every message', () => {
    const texts = [...samplePage().matchAll(/### Telegram\n\n```text\n([^`]+)```/g)].map(([, text]) => text ?? '');
    expect(texts.length).toBe(18);
    for (const text of texts) {
      expect(text).toMatch(/^(?:🚨 CRITICAL|❌ ERROR|⚠️ WARNING|ℹ️ INFO): /);
      expect(text).toMatch(/\nComponent: oracle\n|\n(?:api|oracle): /);
      expect(text).toMatch(/\nTime: 2026-02-08 14:30:00 UTC\n/);
      expect(text).toMatch(/\nDashboard: https:\/\/status\.example\.org\/(?:alerts|services)/);
    }
  });
});
