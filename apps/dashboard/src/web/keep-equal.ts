/**
 * The next value, but built of the parts of the last one wherever they say the same: what did not change keeps its identity,
 * and what is drawn from it is not drawn again. For JSON values. Pure.
 */
export function keepEqual<T>(last: unknown, next: T): T {
  if (Object.is(last, next)) return next;
  if (Array.isArray(last) && Array.isArray(next)) {
    const kept = next.map((value, index) => keepEqual(last[index], value) as unknown);
    return (
      last.length === kept.length && kept.every((value, index) => Object.is(value, last[index])) ? last : kept
    ) as T;
  }
  if (!isRecord(last) || !isRecord(next)) return next;
  const names = Object.keys(next);
  const kept = Object.fromEntries(
    names.map((name) => [name, keepEqual(Object.hasOwn(last, name) ? last[name] : undefined, next[name])]),
  );
  const same =
    Object.keys(last).length === names.length &&
    names.every((name) => Object.hasOwn(last, name) && Object.is(kept[name], last[name]));
  return (same ? last : kept) as T;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
