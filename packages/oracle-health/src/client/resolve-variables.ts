/** Names of variables, by their value; `undefined` where a variable is not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text whose `${VARIABLE}` were replaced, or the names that are not set. */
export type ResolvedText = { readonly text: string } | { readonly missing: readonly string[] };

/**
 * Replaces `${VARIABLE}` by its value. Between `//` and `@` (user and password) values are percent-encoded,
 * so that a password may hold `@`, `/` or `:`.
 */
export function resolveVariables(template: string, env: Environment): ResolvedText {
  const credentialsEnd = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.exec(template)?.[0].length ?? 0;
  const missing: string[] = [];
  const text = template.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_match, name: string, offset: number) => {
    const value = env[name];
    if (value === undefined || value === '') missing.push(name);
    return offset < credentialsEnd ? encodeURIComponent(value ?? '') : (value ?? '');
  });
  return missing.length > 0 ? { missing } : { text };
}
