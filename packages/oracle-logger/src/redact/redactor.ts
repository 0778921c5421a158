import { maskAssignments } from './assignments.js';
import { maskCommands } from './commands.js';
import { maskBase64, maskPercentEncoded, maskWrappedRests, withoutZeroWidth } from './encodings.js';
import { createKeyJudge, type KeyRules, type Secrecy } from './keys.js';
import { cutIntoPieces, pieceLength } from './long-text.js';
import { maskMnemonics, shortestMnemonic } from './mnemonic.js';
import { maskNamedValues } from './named-values.js';
import { isCount, saysNothing } from './placeholders.js';
import { sayingTraits, scanText, suspectTraits, traits } from './scan.js';
import { looksRandom, maskPrivateBlocks, maskSecretPaths, maskShapes } from './shapes.js';
import { maskStatements } from './statements.js';
import { maskUrlPasswords } from './urls.js';
import { ownData } from './view.js';

/** What stands where a secret was. */
export const mask = '[REDACTED]';

/** Knows what is secret. */
export interface Redactor {
  /** What a key says of its value; answers are remembered. */
  judge(key: string): Secrecy;
  /** The text without its secrets; the very same text when it has none. */
  text(text: string): string;
  /** {@link Redactor.text} for a text that `scanText` has answered for. */
  scannedText(text: string, seen: number): string;
  /** Whether a value is hidden because of its key. */
  hides(secrecy: Secrecy, value: unknown): boolean;
}

/** How many key names are remembered: services use few, hostile input may bring any number. */
const rememberedKeys = 2000;

/** Builds a redactor; its built-in knowledge cannot be switched off, only added to or told exceptions by name. */
export function createRedactor(rules: KeyRules = {}): Redactor {
  const judgeKey = createKeyJudge(rules);
  const remembered = new Map<string, Secrecy>();

  function judge(key: string): Secrecy {
    let secrecy = remembered.get(key);
    if (secrecy === undefined) {
      secrecy = judgeKey(key);
      if (remembered.size < rememberedKeys) remembered.set(key, secrecy);
    }
    return secrecy;
  }

  function scannedText(text: string, seen: number): string {
    if ((seen & suspectTraits) === 0 && ((seen & sayingTraits) === 0 || !saysMore(text, seen))) return text;
    if (text.length <= pieceLength) return maskVisible(text, seen, judge);
    return cutIntoPieces(text)
      .map((piece) => maskVisible(piece, seen, judge))
      .join('');
  }

  return {
    judge,
    text: (text) => scannedText(text, scanText(text)),
    scannedText,
    hides: hidesValue,
  };
}

/** How often an encoding within an encoding is looked into. */
const deepestEncoding = 2;

/** Characters of `PASS x`. */
const shortestStatement = 6;

/** Whether a text without any sign of a secret still speaks of one: `sshpass -p x`, `AUTH x`, `password is x`. */
function saysMore(text: string, seen: number): boolean {
  if ((seen & traits.dash) !== 0) return true;
  if (text.length < shortestStatement) return false;
  if ((seen & traits.doubleS) !== 0 && /pass/i.test(text)) return true;
  return (seen & traits.capitals) !== 0 && /AUTH|PASS|IDENTIFY|SETUSER|ENV /.test(text);
}

/** What is public, and so random that anything may stand in it by chance. */
const publicBlock =
  /(-----BEGIN (?:[A-Z\d ]{0,40}CERTIFICATE(?: REQUEST)?|[A-Z\d ]{0,40}PUBLIC KEY(?: BLOCK)?)-----(?:[A-Za-z\d+/=\s]|\\{1,7}[nr])*-----END [A-Z\d ]{1,60}-----)/;

/**
 * All stages, the widest first: what one of them hid, the next does not see. What the scan did not see, no stage looks
 * for.
 */
function maskText(text: string, seen: number, judge: (key: string) => Secrecy, depth = 0): string {
  if (text.includes('-----BEGIN ')) {
    const parts = text.split(publicBlock);
    if (parts.length > 1) {
      return parts
        .map((part, index) => (index % 2 === 1 ? part : maskText(part, scanText(part), judge, depth)))
        .join('');
    }
  }
  const inner = (part: string) => (depth < deepestEncoding ? maskText(part, scanText(part), judge, depth + 1) : part);
  let masked = text;
  if ((seen & traits.run) !== 0) masked = maskPrivateBlocks(masked, mask);
  if ((seen & traits.assign) !== 0) {
    // Before their signs are decoded: a password's %2F would end the host.
    masked = maskUrlPasswords(masked, mask);
    // Before decoding, an escaped blank or sign is within its value.
    if (masked.includes('%')) masked = maskAssignments(masked, { judge, mask });
    masked = maskPercentEncoded(masked, inner);
    masked = maskNamedValues(masked, { judge, mask });
    masked = maskAssignments(masked, { judge, mask });
  }
  if ((seen & traits.dash) !== 0) masked = maskCommands(masked, mask);
  masked = maskStatements(masked, { judge, mask });
  masked = maskSecretPaths(masked, mask);
  if ((seen & traits.run) !== 0 || text.includes('$')) masked = maskShapes(masked, mask);
  if (text.length >= shortestMnemonic && (seen & (traits.words | traits.run)) !== 0)
    masked = maskMnemonics(masked, mask);
  if ((seen & traits.run) !== 0) masked = maskBase64(masked, mask, (part) => inner(part) !== part);
  return maskWrappedRests(masked);
}

/** A text whose secret only shows without its zero-width characters loses them; any other keeps them. */
function maskVisible(text: string, seen: number, judge: (key: string) => Secrecy): string {
  const visible = (seen & traits.escape) === 0 ? text : withoutZeroWidth(text);
  if (visible !== text) {
    const masked = maskText(visible, scanText(visible), judge);
    if (masked !== visible) return masked;
  }
  return maskText(text, seen, judge);
}

function hidesValue(secrecy: Secrecy, value: unknown): boolean {
  if (secrecy === 'plain') return false;
  if (typeof value === 'string') {
    if (value === '' || saysNothing(value)) return false;
    return secrecy === 'secret' || (secrecy === 'counted' ? !isCount(value) : looksRandom(value));
  }
  if (typeof value === 'object' && value !== null) return secrecy !== 'likely' || holdsRandom(value);
  if (secrecy !== 'secret') return false;
  // Fewer digits than any code has: a count.
  if (typeof value === 'number') return value >= 100;
  return typeof value === 'bigint' || typeof value === 'symbol';
}

/** How many items of a list under an unsure key are looked at. */
const mostItems = 200;

/** `[secret]` and `{ value: secret }` under a key that is secret only with a value that looks so. */
function holdsRandom(holder: object): boolean {
  const found: readonly unknown[] = Array.isArray(holder)
    ? Array.from({ length: Math.min(holder.length, mostItems) }, (_, index) => ownData(holder, index))
    : [ownData(holder, 'value')];
  return found.some((item) => typeof item === 'string' && looksRandom(item));
}
