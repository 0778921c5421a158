/** The line and every text in it, raw and decoded in the ways a reader would. */
export function readings(line: string): readonly string[] {
  const found = new Set<string>();
  const look = (text: string) => {
    for (const reading of [text, decode(text), unescape(text), unescape(unescape(text)), decode(unescape(text))]) {
      found.add(reading);
    }
  };
  const walk = (value: unknown) => {
    if (typeof value === 'string') look(value);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        look(key);
        walk(item);
      }
    }
  };
  look(line);
  walk(JSON.parse(line));
  return [...found];
}

export function contains(all: readonly string[], part: string): boolean {
  return all.some((text) => text.includes(part));
}

function decode(text: string): string {
  return text.replace(/(?:%[\dA-Fa-f]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_whole, character: string) => (character === 'n' ? '\n' : character));
}

/** How many others are tried in the place of one that failed: a kind that gets through one time in a hundred is found. */
export const otherCount = 300;

/**
 * Whether what failed with one random text fails with others too. A random text may spell anything: one in some ten
 * thousand reads like a word, a hash like a key. That is told, and is no fault.
 * @param fails tries it with a new random text
 */
export function failsAgain(what: string, fails: () => boolean): boolean {
  if (Array.from({ length: otherCount }, fails).includes(true)) return true;
  process.stdout.write(`Only by chance, not with ${otherCount} others: ${what}\n`);
  return false;
}
