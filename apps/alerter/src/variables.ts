type Variables = Readonly<Record<string, string | undefined>>;

/** A value with every `${NAME}` replaced, or one sentence for each name that is not set. */
export type ResolvedValue = { readonly value: unknown } | { readonly faults: readonly string[] };

/** `${NAME}`: capital letters, digits and underscores, as environment variables are written. */
const REFERENCE = /\$\{([A-Z_][A-Z0-9_]*)\}/g;

/** Names of all variables a configuration file refers to, so that their `_FILE` twins can be read. */
export function referencedVariables(text: string): readonly string[] {
  const inText = [...text.matchAll(REFERENCE)].map(([, name]) => name ?? '');
  const byName = [...text.matchAll(/tokenVariable["']?\s*:\s*["']?([A-Z_][A-Z0-9_]*)/g)].map(([, name]) => name ?? '');
  return [...new Set([...inText, ...byName])];
}

/**
 * Replaces `${NAME}` in every text of a parsed file, at any depth, by what the environment says; secrets so stay out of
 * the file. What was put in is not searched again.
 * @param path where the value stands, for the faults
 */
export function resolveVariables(value: unknown, variables: Variables, path: string): ResolvedValue {
  const faults: string[] = [];
  const resolve = (part: unknown, at: string): unknown => {
    if (typeof part === 'string') {
      return part.replace(REFERENCE, (_whole, name: string) => {
        const found = variables[name];
        if (!found) faults.push(`${at}: refers to \${${name}}, which is not set in the environment`);
        return found ?? '';
      });
    }
    if (Array.isArray(part)) return part.map((item, index) => resolve(item, `${at}[${index}]`));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, resolve(item, `${at}.${key}`)]));
  };
  const resolved = resolve(value, path);
  return faults.length > 0 ? { faults } : { value: resolved };
}
