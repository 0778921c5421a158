/** Names of error types are labels: short, and free of what could be somebody's data. */
const TYPE_LIMIT = 60;
const CODE_SHAPE = /^[A-Z][A-Z0-9_]*$/;

/** What an error is called where errors are counted: its code word (`ECONNREFUSED`), else its class. Never its message. */
export function errorTypeOf(error: unknown): string {
  try {
    if (typeof error === 'string') return clean(error);
    if (typeof error !== 'object' || error === null) return 'unknown';
    if ('code' in error && typeof error.code === 'string' && CODE_SHAPE.test(error.code)) return clean(error.code);
    if ('name' in error && typeof error.name === 'string') return clean(error.name);
    return 'unknown';
  } catch {
    // A getter of a hostile error.
    return 'unknown';
  }
}

function clean(text: string): string {
  const type = text.trim().slice(0, TYPE_LIMIT);
  return type === '' ? 'unknown' : type;
}
