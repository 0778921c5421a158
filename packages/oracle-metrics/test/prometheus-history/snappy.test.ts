import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSketch } from '../../src/index.js';
import { operationSeries } from '../../src/prometheus-history/series.js';
import { snappyBlock } from '../../src/prometheus-history/snappy.js';
import { writeRequest } from '../../src/prometheus-history/write-request.js';
import { lognormal, seededRandom } from '../distributions.js';
import { unpack } from './unpack.js';

describe('a Snappy block', () => {
  it.each([0, 1, 3, 4, 59, 60, 61, 127, 128, 256, 257, 65_535, 65_536, 65_537, 200_000])(
    'of %i bytes holds them all, whether they repeat or not',
    (size) => {
      const random = seededRandom(size);
      const noise = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
      for (const bytes of [Buffer.alloc(size, 'nps'), Buffer.alloc(size), noise])
        expect(unpack(snappyBlock(bytes)).equals(bytes)).toBe(true);
    },
  );

  it('holds whatever it was made of', () => {
    const few = fc.uint8Array({ max: 3, maxLength: 400 });
    const any = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(fc.array(fc.oneof(few, any), { maxLength: 6 }), fc.nat(400), (parts, cut) => {
        // A view with an offset of its own, as the writer hands it over.
        const bytes = Buffer.concat([...parts, ...parts]).subarray(cut);
        return unpack(snappyBlock(bytes)).equals(bytes);
      }),
    );
  });

  it('of a minute of a service is less than a fifth of what it holds', () => {
    const sketch = createSketch();
    for (const seconds of lognormal(seededRandom(3), 100)) sketch.record(seconds / 1000);
    const operations = ['reading', 'analysis', 'ai_call', 'db_query'].map((operation) => {
      return { service: 'oracle', operation, atMs: 1_760_000_000_000, count: 100, errors: 1, sketch: sketch.encode() };
    });
    const block = writeRequest(operationSeries(operations, {}));
    expect(unpack(block).length).toBeGreaterThan(10_000);
    expect(block.length).toBeLessThan(unpack(block).length / 5);
  });
});
