/** Reads a notifier's options and collects every fault. */

/** Reads one record; a second look at the same faults list after all reads. */
export interface OptionReader {
  readonly faults: string[];
  text(name: string): string;
  optionalText(name: string): string | undefined;
  url(name: string, fallback?: string): string;
  integer(name: string, range: { readonly min: number; readonly max: number; readonly fallback: number }): number;
  flag(name: string, fallback: boolean): boolean;
  texts(name: string): readonly string[];
}

/** Builds a reader over unchecked options. Values never appear in faults: they may be secrets. */
export function createOptionReader(value: unknown, known: readonly string[]): OptionReader {
  const faults: string[] = [];
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord) faults.push('expected an object with options');
  const record = new Map<string, unknown>(isRecord ? Object.entries(value) : []);
  for (const name of record.keys()) {
    if (!known.includes(name))
      faults.push(`${JSON.stringify(name.slice(0, 40))} is not an option; known are ${known.join(', ')}`);
  }
  const optionalText = (name: string): string | undefined => {
    const found = record.get(name);
    if (found === undefined || found === null) return undefined;
    const text = typeof found === 'number' ? String(found) : found;
    if (typeof text === 'string' && text.trim() !== '') return text.trim();
    faults.push(`${name}: expected text that is not empty`);
    return undefined;
  };
  const text = (name: string): string => {
    const found = optionalText(name);
    if (found === undefined && !faults.some((fault) => fault.startsWith(`${name}:`)))
      faults.push(`${name}: is missing`);
    return found ?? '';
  };
  return {
    faults,
    text,
    optionalText,
    url: (name, fallback) => {
      const found = fallback === undefined ? text(name) : (optionalText(name) ?? fallback);
      if (found !== '' && !isHttpUrl(found)) faults.push(`${name}: expected an http or https URL`);
      return found.replace(/\/+$/, '');
    },
    integer: (name, { min, max, fallback }) => {
      const found = record.get(name) ?? fallback;
      const number = typeof found === 'string' && /^-?\d+$/.test(found) ? Number(found) : found;
      if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number;
      faults.push(`${name}: expected a whole number from ${min} to ${max}`);
      return fallback;
    },
    flag: (name, fallback) => {
      const found = record.get(name) ?? fallback;
      if (typeof found === 'boolean') return found;
      faults.push(`${name}: expected true or false`);
      return fallback;
    },
    texts: (name) => {
      const found = record.get(name);
      const list = typeof found === 'string' ? found.split(',').map((part) => part.trim()) : found;
      if (Array.isArray(list) && list.length > 0 && list.every((part) => typeof part === 'string' && part !== ''))
        return list;
      faults.push(`${name}: expected a list of texts, or one text with commas`);
      return [];
    },
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
