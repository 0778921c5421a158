import { describe, expect, it } from '@jest/globals';
import { redact } from '../../src/redact/index.js';
import { contextTemplates } from './context-templates.js';
import { placements } from './placements.js';
import { alnum, createRandom } from './random.js';
import { contains, failsAgain, readings } from './search.js';
import type { Secret } from './secret-kinds.js';
import { fill, tokenTemplates } from './token-templates.js';

const seed = Number(process.env['REDACTION_SEED'] ?? Date.now() % 1e9);

/** The places where nothing but the secret itself tells of it, and where it survives in which of them. */
function leaksOf(name: string, makeSecret: () => Secret): readonly string[] {
  return placements
    .filter((placement) => !placement.telling)
    .flatMap((placement) => {
      const leakOf = (secret: Secret): string | null => {
        const copy = JSON.stringify(redact(placement.build(secret, '', 'ref0001')));
        const all = readings(copy);
        const isClean = !secret.probes.some((probe) => contains(all, probe)) && contains(all, 'ref0001');
        return isClean ? null : `${name} in ${placement.name}: ${copy.slice(0, 300)}`;
      };
      const leak = leakOf(makeSecret());
      return leak !== null && failsAgain(leak, () => leakOf(makeSecret()) !== null) ? [leak] : [];
    });
}

describe(`redaction by form and by context (seed ${seed})`, () => {
  const random = createRandom(seed);

  it('hides the tokens of more than 250 vendors wherever they stand', () => {
    expect(tokenTemplates.length).toBeGreaterThan(250);
    const leaks = tokenTemplates.flatMap((template) =>
      leaksOf(template, () => {
        const text = fill(template, random);
        const middle = Math.floor(text.length * 0.4);
        const probes = text.startsWith('https:')
          ? [text.slice(-14, -1)]
          : [text.slice(middle, middle + 12), text.slice(-12)];
        return { text, probes };
      }),
    );
    expect(leaks).toEqual([]);
  });

  it('hides passwords that only their surroundings tell of, and keeps the surroundings', () => {
    expect(contextTemplates.length).toBeGreaterThan(100);
    const leaks = contextTemplates.flatMap((template) =>
      leaksOf(template, () => {
        const secret = `${random.text(alnum, 8)}${random.pick(['!', '~', '*'])}${random.text(alnum, 8)}${10 + random.below(90)}`;
        return { text: fill(template, random, secret), probes: [secret] };
      }),
    );
    expect(leaks).toEqual([]);
  });

  it.each([
    [
      ['curl', '-u', 'ann:opensesame', 'https://x'],
      ['curl', '-u', 'ann:[REDACTED]', 'https://x'],
    ],
    [
      ['/usr/bin/mysql', '-u', 'root', '-popensesame'],
      ['/usr/bin/mysql', '-u', 'root', '-p[REDACTED]'],
    ],
    [
      ['docker', 'login', '-p', 'opensesame'],
      ['docker', 'login', '-p', '[REDACTED]'],
    ],
    [
      ['docker', 'run', '-p', '8080:80'],
      ['docker', 'run', '-p', '8080:80'],
    ],
    [
      ['sshpass', '-popensesame', 'ssh'],
      ['sshpass', '-p[REDACTED]', 'ssh'],
    ],
  ])('knows what the arguments %j of a program hide', (given, shown) => {
    expect(redact(given)).toEqual(shown);
  });

  it('hides the private members of a JSON Web Key', () => {
    const key = { kty: 'EC', crv: 'P-256', x: 'xx', y: 'yy', d: 'private' };
    expect(redact({ key })).toEqual({ key: { ...key, d: '[REDACTED]' } });
  });
});
