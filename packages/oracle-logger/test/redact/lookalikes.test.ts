import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { redact } from '../../src/redact/index.js';
import { linesOf } from '../log-file.js';
import { harmlessFields, harmlessPlacements, lookalikes } from './lookalikes.js';
import { createRandom } from './random.js';
import { contains, failsAgain, readings } from './search.js';
import { fill } from './token-templates.js';

/** Maps become pairs and errors texts: JSON shows nothing of them. */
const plain = (fields: unknown): unknown =>
  JSON.parse(
    JSON.stringify(fields, (_key, value: unknown) => {
      if (value instanceof Error) return value.message;
      return value instanceof Map ? [...value] : value;
    }),
  );

const linesIn = (name: string) => readFileSync(`test/fixtures/${name}`, 'utf8').trimEnd().split('\n');

const seed = Number(process.env['REDACTION_SEED'] ?? Date.now() % 1e9);

const random = createRandom(seed);

describe(`redaction of what only looks like a secret (seed ${seed})`, () => {
  it('leaves every harmless text as it is, wherever it stands', async () => {
    const random = createRandom(seed);
    const rows = lookalikes.flatMap((kind) =>
      harmlessPlacements.map((build, index) => {
        const another = () => {
          const text = kind.make(random);
          return { text, ...build(text, `ref${index}`) };
        };
        return { id: `${kind.name} #${index}`, another, ...another() };
      }),
    );
    const lines = await linesOf((logger) => {
      for (const row of rows) logger.info(row.message, row.fields);
    });
    const isAltered = (text: string, line = '{}') => !contains(readings(line), text);
    const altered = rows.flatMap(({ id, text, another }, index) => {
      const line = lines[index];
      if (!isAltered(text, line)) return [];
      const fails = () => {
        const other = another();
        return isAltered(other.text, JSON.stringify(redact(plain({ message: other.message, fields: other.fields }))));
      };
      return failsAgain(`${id}: ${line}`, fails) ? [{ id, line }] : [];
    });
    expect(altered).toEqual([]);
  });

  it('leaves values of keys that only hold a telling word', async () => {
    const [line = '{}'] = await linesOf((logger) => void logger.info('harmless', harmlessFields));
    expect(JSON.parse(line)).toMatchObject(harmlessFields);
    expect(redact(harmlessFields)).toEqual(harmlessFields);
  });

  it('leaves identifiers, hashes, addresses and files of every kind', () => {
    const altered = linesIn('harmless-forms.txt').flatMap((template) =>
      harmlessPlacements.flatMap((build, index) => {
        const alteredOf = (text: string) => {
          const { message, fields } = build(text, `ref${index}`);
          const call = { message, fields: plain(fields) };
          const shown = JSON.stringify(redact(call));
          return shown === JSON.stringify(call) ? null : `${template}: ${shown}`;
        };
        const shown = alteredOf(fill(template, random));
        return shown !== null && failsAgain(shown, () => alteredOf(fill(template, random)) !== null) ? [shown] : [];
      }),
    );
    expect(altered).toEqual([]);
  });

  it('leaves keys that only hold a telling word, as fields, in running text and in JSON', () => {
    const template = linesIn('harmless-keys.json').join('\n');
    const fieldsOf = () => JSON.parse(fill(template, random)) as Record<string, unknown>;
    const alteredOf = (key: string, value: unknown): readonly string[] => {
      const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
      const json = JSON.stringify({ [key]: value });
      const texts = isScalar ? [json, `m ${key}=${value} end`] : [json];
      const shown = [...texts.map((text) => redact(text)), JSON.stringify(redact({ [key]: value }))];
      return shown.filter((text, index) => text !== (texts[index] ?? json));
    };
    const altered = Object.entries(fieldsOf()).flatMap(([key, value]) => {
      const shown = alteredOf(key, value);
      return shown.length > 0 && failsAgain(shown[0] ?? '', () => alteredOf(key, fieldsOf()[key]).length > 0)
        ? shown
        : [];
    });
    expect(altered).toEqual([]);
  });

  it('leaves sentences that speak about secrets without telling one', () => {
    const sentences = linesIn('harmless-sentences.txt').map((template) => fill(template, random));
    expect(sentences.length).toBeGreaterThan(250);
    expect(sentences.map((sentence) => redact(sentence))).toEqual(sentences);
  });

  it('leaves the same keys in running text', () => {
    for (const [key, value] of Object.entries(harmlessFields)) {
      const text = `m ${key}=${String(value)} end`;
      expect(redact(text)).toBe(text);
    }
  });
});
