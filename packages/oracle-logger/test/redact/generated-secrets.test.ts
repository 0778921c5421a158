import { describe, expect, it } from '@jest/globals';
import { redact } from '../../src/redact/index.js';
import { linesOf } from '../log-file.js';
import { placements } from './placements.js';
import { createRandom } from './random.js';
import { contains, failsAgain, otherCount, readings } from './search.js';
import { type Secret, secretKinds } from './secret-kinds.js';

// A fresh seed every run; REDACTION_SEED repeats one.
const seed = Number(process.env['REDACTION_SEED'] ?? Date.now() % 1e9);

interface Row {
  readonly id: string;
  readonly secret: Secret;
  readonly ref: string;
  readonly message: string;
  readonly fields: unknown;
  /** The same kind in the same place, with another secret. */
  readonly another: () => readonly Row[];
}

function buildRows(): readonly Row[] {
  const random = createRandom(seed);
  return secretKinds.flatMap((kind) =>
    placements
      .filter((placement) => placement.telling || kind.known === 'by form')
      .flatMap((placement, index) => {
        const ref = `ref${String(index).padStart(4, '0')}`;
        const key = random.pick(kind.keys);
        const build = (): readonly Row[] => {
          const secret = kind.make(random);
          // What is known by its form is known also where it would not be read as one value.
          if (kind.known === 'by key' && placement.breaks?.test(secret.text)) return [];
          const { message, fields } = placement.build(secret, key, ref);
          return [{ id: `${kind.name} in ${placement.name}`, secret, ref, message, fields, another: build }];
        };
        return build();
      }),
  );
}

/** Each row's text in a log file. */
const logged = (rows: readonly Row[]): Promise<readonly string[]> =>
  linesOf((logger) => {
    for (const row of rows) logger.info(row.message, row.fields);
  });

const copied = (rows: readonly Row[]): readonly string[] =>
  rows.map(({ message, fields }) => JSON.stringify(redact({ message, fields })));

/** The rows whose text holds a part of the secret, or not what stands beside it: for a hidden object not even that. */
function failing(rows: readonly Row[], texts: readonly string[]): readonly Row[] {
  expect(texts).toHaveLength(rows.length);
  return rows.filter(({ secret, ref }, index) => {
    const all = readings(texts[index] ?? '{}');
    return secret.probes.some((probe) => contains(all, probe)) || !contains(all, ref);
  });
}

/** What fails, and fails with others of its kind too. */
async function failures(write: (rows: readonly Row[]) => readonly string[] | Promise<readonly string[]>) {
  const rows = buildRows();
  const first = failing(rows, await write(rows));
  if (first.length === 0) return [];
  const others = first.flatMap(({ another }) => Array.from({ length: otherCount }, another).flat());
  const again = new Set(failing(others, await write(others)).map(({ id }) => id));
  return first
    .filter(({ id, secret }) => failsAgain(`${id}: ${secret.text}`, () => again.has(id)))
    .map(({ id, message, fields }) => ({ id, message, fields }));
}

describe(`redaction of generated secrets (seed ${seed})`, () => {
  it('knows at least 70 kinds of secret and 40 placements', () => {
    expect(secretKinds.length).toBeGreaterThanOrEqual(70);
    expect(placements.length).toBeGreaterThanOrEqual(40);
  });

  it('lets no part of any secret into the file and keeps what stands around it', async () => {
    expect(await failures(logged)).toEqual([]);
  });

  it('hides the same in values that `redact` copies', async () => {
    expect(await failures(copied)).toEqual([]);
  });
});
