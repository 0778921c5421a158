import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertKey } from '../src/evaluation/alert-record.js';
import { createAcknowledgeSigner, readAcknowledgeToken } from '../src/index.js';

const SECRET = 'one-'.repeat(8);
const AT = Date.UTC(2026, 1, 8, 14, 30);
const DAY_MS = 86_400_000;
const unknown = { outcome: 'unknown' };
const sign = createAcknowledgeSigner(SECRET);
const read = (token: string, nowMs = AT) => readAcknowledgeToken(SECRET, token, nowMs);

function tokenOf(key = alertKey('down', 'oracle', {}), incident = 3): string {
  const token = sign({ key, incident, at: AT });
  if (token === null) throw new Error('no token');
  return token;
}

/** What somebody who has the secret might sign. */
function signed(payload: string, words = 'acknowledge link\n'): string {
  const mac = createHmac('sha256', SECRET).update(words).update(payload).digest();
  return Buffer.concat([Buffer.from(payload), mac]).toString('base64url');
}

const keys = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 20 }))
  .map(([service, label]) => alertKey('dependency_down', service, { dependency: label }));

describe('the token of a link', () => {
  it('says what was signed, whatever the names hold, and fits one part of a path as it is', () => {
    fc.assert(
      fc.property(
        keys,
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.integer({ min: 0, max: 4e12 }),
        (key, incident, at) => {
          const token = sign({ key, incident, at });
          fc.pre(token !== null);
          expect(token).toMatch(/^[\w-]{40,700}$/);
          const reading = readAcknowledgeToken(SECRET, token, at);
          const validUntil = Math.floor((at + DAY_MS) / 1000) * 1000;
          expect(reading).toEqual({ outcome: 'valid', claim: { key, incident, validUntil } });
        },
      ),
    );
  });

  it('is valid for a day, to the second', () => {
    const claim = { key: '["down","oracle"]', incident: 3, validUntil: AT + DAY_MS };
    expect(read(tokenOf(), AT + DAY_MS - 1)).toEqual({ outcome: 'valid', claim });
    expect(read(tokenOf(), AT + DAY_MS)).toEqual({ outcome: 'expired', claim });
  });

  it('is the same for the same message, and another for another outage', () => {
    expect(tokenOf()).toBe(tokenOf());
    expect(tokenOf(undefined, 4)).not.toBe(tokenOf());
  });

  it('is not made for a key too long for a link', () => {
    expect(sign({ key: 'k'.repeat(600), incident: 1, at: AT })).toBeNull();
  });

  it('means nothing to another secret', () => {
    expect(readAcknowledgeToken('two-'.repeat(8), tokenOf(), AT)).toEqual(unknown);
  });

  it('means nothing once any of its characters is another, its last one included', () => {
    const token = tokenOf();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let index = 0; index < token.length; index += 1) {
      for (const letter of alphabet) {
        if (letter === token[index]) continue;
        expect(read(token.slice(0, index) + letter + token.slice(index + 1))).toEqual(unknown);
      }
    }
  });

  it('means nothing when it is cut, continued, spelled otherwise or huge', () => {
    const token = tokenOf();
    for (let length = 0; length < token.length; length += 1) expect(read(token.slice(0, length))).toEqual(unknown);
    for (const text of [
      `${token}A`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      'A'.repeat(10_000_000),
      '\u0000',
      'é'.repeat(60),
    ])
      expect(read(text)).toEqual(unknown);
    const standard = Buffer.from(token, 'base64url').toString('base64');
    expect(read(standard)).toEqual(standard === token ? expect.objectContaining({ outcome: 'valid' }) : unknown);
  });

  it('means nothing when it is of another version, of another form, or signed for another purpose', () => {
    expect(read(signed('1 3 9999999999 ["down","oracle"]'))).toMatchObject({ outcome: 'valid' });
    for (const payload of [
      '2 3 9999999999 ["down","oracle"]',
      '1 3 9999999999 ',
      '1 -3 9999999999 x',
      '1 3 soon x',
      '',
      'x',
    ])
      expect(read(signed(payload))).toEqual(unknown);
    expect(read(signed('1 3 9999999999 ["down","oracle"]', 'webhook\n'))).toEqual(unknown);
  });
});
