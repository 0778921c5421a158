/** The `code` an error carries (`ENOENT`, `42P01` …), recognised by shape: errors of another realm are no `instanceof Error`. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
