/** Instants as ISO 8601 UTC with milliseconds; lines of one millisecond share the text. */
export function createTimestamps(): (atMs: number) => string {
  let cachedAt = Number.NaN;
  let cachedText = '';
  return (atMs) => {
    if (atMs !== cachedAt) {
      cachedText = new Date(atMs).toISOString();
      cachedAt = atMs;
    }
    return cachedText;
  };
}
