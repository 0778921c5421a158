import { mnemonicWords } from './mnemonic-words.js';

/** Twelve words of three letters with gaps. */
export const shortestMnemonic = 47;

/** The shortest mnemonic of BIP 39, in words. */
const fewestWords = 12;

/** What may stand between two words of one mnemonic: spaces, commas, quotes, numbering; not a sentence's worth. */
const longestGap = 8;

/** Twelve words of the list's lengths in a row; one letter more for the n of an escaped line end. */
const wordsInRow = /(?:[A-Za-z]{3,9}[^A-Za-z]{1,9}){11}[A-Za-z]{3,9}/;

/** Hides twelve or more words of the BIP 39 list in a row: prose does not have that, recovery phrases do. */
export function maskMnemonics(text: string, mask: string): string {
  if (!wordsInRow.test(text)) return text;
  let out = '';
  let done = 0;
  let runStart = 0;
  let runEnd = 0;
  let count = 0;
  const finishRun = () => {
    if (count >= fewestWords) {
      out += text.slice(done, runStart) + mask;
      done = runEnd;
    }
    count = 0;
  };
  for (const { 0: word, index } of text.matchAll(/[A-Za-z]+/g)) {
    const isEscape = index > 0 && text[index - 1] === '\\' && /^[nrt]/.test(word);
    const bare = isEscape ? word.slice(1) : word;
    if (bare === '') continue;
    const isListed = bare.length <= 8 && mnemonicWords.has(bare.toLowerCase());
    if (!isListed || (count > 0 && index - runEnd > longestGap)) finishRun();
    if (!isListed) continue;
    if (count === 0) runStart = index + word.length - bare.length;
    runEnd = index + word.length;
    count++;
  }
  finishRun();
  return done === 0 ? text : out + text.slice(done);
}

/** Whether a list is a mnemonic taken apart into its words. */
export function isMnemonicList(list: readonly unknown[]): boolean {
  return (
    list.length >= fewestWords &&
    list.length <= 48 &&
    list.every((word) => typeof word === 'string' && mnemonicWords.has(word.toLowerCase()))
  );
}
