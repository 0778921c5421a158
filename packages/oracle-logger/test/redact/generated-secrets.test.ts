import { describe, expect, it } from '@jest/globals';
import { redact } from '../../src/redact/index.js';
import { linesOf } from '../log-file.js';
import { placements } from './placements.js';
import { createRandom } from './random.js';
import { contains, readings } from './search.js';
import { type Secret, secretKinds } from './secret-kinds.js';

// A fresh seed every run; REDACTION_SEED repeats one.
const seed = Number(process.env['REDACTION_SEED'] ?? Date.now() % 1e9);

interface Row {
  readonly id: string;
  readonly secret: Secret;
  readonly ref: string;
  readonly message: string;
  readonly fields: unknown;
}

function buildRows(): readonly Row[] {
  const random = createRandom(seed);
  return secretKinds.flatMap((kind) =>
    placements
      .filter((placement) => placement.telling || kind.known === 'by form')
      .flatMap((placement, index) => {
        const ref = `ref${String(index).padStart(4, '0')}`;
        const secret = kind.make(random);
        // What is known by its form is known also where it would not be read as one value.
        if (kind.known === 'by key' && placement.breaks?.test(secret.text)) return [];
        const { message, fields } = placement.build(secret, random.pick(kind.keys), ref);
        return [{ id: `${kind.name} in ${placement.name}`, secret, ref, message, fields }];
      }),
  );
}

describe(`redaction of generated secrets (seed ${seed})`, () => {
  it('knows at least 70 kinds of secret and 40 placements', () => {
    expect(secretKinds.length).toBeGreaterThanOrEqual(70);
    expect(placements.length).toBeGreaterThanOrEqual(40);
  });

  it('lets no part of any secret into the file and keeps what stands around it', async () => {
    const rows = buildRows();
    const lines = await linesOf((logger) => {
      for (const row of rows) logger.info(row.message, row.fields);
    });
    expect(lines).toHaveLength(rows.length);
    const failures = rows.flatMap((row, index) => {
      const line = lines[index] ?? '';
      const all = readings(line);
      const leaked = row.secret.probes.filter((probe) => contains(all, probe));
      const lost = [row.ref, ...(row.secret.keep ?? [])].filter((part) => !contains(all, part));
      // A whole value under a telling key is hidden, with everything in it.
      const lostForGood = lost.filter((part) => part === row.ref);
      return leaked.length + lostForGood.length === 0 ? [] : [{ id: row.id, leaked, lost, line: line.slice(0, 600) }];
    });
    expect(failures).toEqual([]);
  });

  it('hides the same in values that `redact` copies', () => {
    const failures = buildRows().flatMap((row) => {
      const copy = JSON.stringify(redact({ message: row.message, fields: row.fields }));
      const leaked = row.secret.probes.filter((probe) => contains(readings(copy), probe));
      return leaked.length === 0 ? [] : [{ id: row.id, leaked, copy: copy.slice(0, 600) }];
    });
    expect(failures).toEqual([]);
  });
});
