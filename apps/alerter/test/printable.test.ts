import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable } from '../src/printable.js';

describe('a line for a terminal', () => {
  it('keeps every letter and sign, and shows what a terminal would obey', () => {
    expect(printable('✗ Заря 夜 🚨 é down, 12 ms')).toBe('✗ Заря 夜 🚨 é down, 12 ms');
    expect(printable('\u001b]0;owned\u0007db\u202e\r\n')).toBe('\ufffd]0;owned\ufffddb\ufffd\ufffd\ufffd');
  });

  it('holds no control character, whatever a service says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
