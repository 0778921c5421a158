/** Tokens of one AI call in disjoint kinds: no token is in two of them. */
export interface TokenUsage {
  readonly model: string;
  /** Input tokens that were neither read from nor written to a cache. */
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  /** Written to a cache that lives five minutes. */
  readonly cacheWrite?: number;
  /** Written to a cache that lives an hour. */
  readonly cacheWrite1h?: number;
}

export const tokenKinds = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h'] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** How the kinds are called in labels. */
export const tokenKindLabels: Readonly<Record<TokenKind, string>> = {
  input: 'input',
  output: 'output',
  cacheRead: 'cache_read',
  cacheWrite: 'cache_write',
  cacheWrite1h: 'cache_write_1h',
};

/** All tokens of a call. */
export function totalTokens(usage: TokenUsage): number {
  return tokenKinds.reduce((sum, kind) => sum + (usage[kind] ?? 0), 0);
}

/** The usage with every impossible count (negative, fraction, not a number) as 0. */
export function cleanUsage(given: TokenUsage | null | undefined): TokenUsage {
  const usage: Partial<TokenUsage> = given ?? {};
  const counts = tokenKinds.map((kind) => {
    const count = usage[kind];
    return [kind, typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0] as const;
  });
  const model = typeof usage.model === 'string' && usage.model !== '' ? usage.model.slice(0, 120) : 'unknown';
  return { model, ...Object.fromEntries(counts) };
}
