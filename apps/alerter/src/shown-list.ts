/** Longer lists are told by their beginning and their length. */
const MOST_SHOWN = 20;

/** The first entries of a list, and how many more there are. */
export function shownList(entries: readonly string[]): readonly string[] {
  if (entries.length <= MOST_SHOWN) return entries;
  return [...entries.slice(0, MOST_SHOWN), `and ${entries.length - MOST_SHOWN} more`];
}
