/** PostgreSQL takes neither NUL nor half surrogates, in text as in jsonb: hostile names must not stop every write. */
// oxlint-disable-next-line no-control-regex
const UNSTORABLE = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text as PostgreSQL takes it. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd');
}

/** JSON as `jsonb` takes it: names and texts alike. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part === 'string') return storableText(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [storableText(name), inner]));
  });
}
