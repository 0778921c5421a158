import { describe, expect, it } from '@jest/globals';
import { redact } from '../../src/redact/index.js';
import { linesOf } from '../log-file.js';
import { harmlessFields, harmlessPlacements, lookalikes } from './lookalikes.js';
import { createRandom } from './random.js';
import { contains, readings } from './search.js';

const seed = Number(process.env['REDACTION_SEED'] ?? Date.now() % 1e9);

describe(`redaction of what only looks like a secret (seed ${seed})`, () => {
  it('leaves every harmless text as it is, wherever it stands', async () => {
    const random = createRandom(seed);
    const rows = lookalikes.flatMap((kind) =>
      harmlessPlacements.map((build, index) => {
        const text = kind.make(random);
        const { message, fields } = build(text, `ref${index}`);
        return { id: `${kind.name} #${index}`, text, message, fields };
      }),
    );
    const lines = await linesOf((logger) => {
      for (const row of rows) logger.info(row.message, row.fields);
    });
    const altered = rows.flatMap((row, index) =>
      contains(readings(lines[index] ?? '{}'), row.text) ? [] : [{ id: row.id, line: lines[index] }],
    );
    expect(altered).toEqual([]);
  });

  it('leaves values of keys that only hold a telling word', async () => {
    const [line = '{}'] = await linesOf((logger) => void logger.info('harmless', harmlessFields));
    expect(JSON.parse(line)).toMatchObject(harmlessFields);
    expect(redact(harmlessFields)).toEqual(harmlessFields);
  });

  it('leaves the same keys in running text', () => {
    for (const [key, value] of Object.entries(harmlessFields)) {
      const text = `m ${key}=${String(value)} end`;
      expect(redact(text)).toBe(text);
    }
  });
});
