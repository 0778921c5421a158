import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { SECRET_VARIABLES } from '../src/secret-files.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const source = (name: string): string => readFileSync(join(folder, 'src', name), 'utf8');

describe('the README', () => {
  it('names every variable that is read, and marks exactly those that may stand in a file', () => {
    const read = [...`${source('config.ts')}${source('channels.ts')}`.matchAll(/'([A-Z]{2,}_[A-Z_]+)'/g)].map(
      ([, name]) => name,
    );
    const table = readme.slice(readme.indexOf('## Environment'), readme.indexOf('## Own endpoints'));
    expect(read.length).toBeGreaterThan(30);
    for (const name of read) expect(table).toContain(`\`${name}\``);
    const marked = [...table.matchAll(/`([A-Z_]+)` 🔒/g)].map(([, name]) => name);
    expect(new Set(marked)).toEqual(new Set(SECRET_VARIABLES));
  });

  it('names every metric of the alerter', () => {
    const names = [...source('state-metrics.ts').matchAll(/'(alerter_[a-z_]+)'/g)].map(([, name]) => name ?? '');
    const spelled = readme.replaceAll(
      'alerter_notices_{delivered,failed,rejected}_total',
      'alerter_notices_delivered_total alerter_notices_failed_total alerter_notices_rejected_total',
    );
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(spelled).toContain(name);
  });

  it('names every error code and every file it points to exists', () => {
    const codes = [...source('errors.ts').matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code ?? '');
    for (const code of codes) expect(readme).toContain(`\`${code}\``);
    expect(readdirSync(join(folder, 'examples'))).toContain('one-oracle.json');
  });
});
