/** USD per million tokens of each kind. */
export interface TokenPrices {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  /** Written to a cache that lives five minutes. */
  readonly cacheWrite: number;
  /** Written to a cache that lives an hour. Default: as `cacheWrite`. */
  readonly cacheWrite1h?: number;
}

/** What a model costs from a day on. */
export interface ModelPrice extends TokenPrices {
  /** The model's name without its date: `claude-sonnet-5-5`. */
  readonly model: string;
  /** First day (UTC) of these prices, `YYYY-MM-DD`; they hold until a later entry of the same model. */
  readonly from: string;
  /** Prices of every token of a call whose prompt (input, cache reads and writes) is longer than `aboveTokens`. */
  readonly longPrompt?: TokenPrices & { readonly aboveTokens: number };
}

/** When the table below was last compared with the published prices. */
export const PRICES_AS_OF = '2026-10-27';

function price(model: string, from: string, prices: readonly [number, number, number, number, number]): ModelPrice {
  const [input, output, cacheRead, cacheWrite, cacheWrite1h] = prices;
  return { model, from, input, output, cacheRead, cacheWrite, cacheWrite1h };
}

/**
 * List prices of the Anthropic API, standard tier: input, output, cache read, 5-minute write, 1-hour write.
 * Source: https://platform.claude.com/docs/en/about-claude/pricing. Contract prices and other providers go into the
 * `prices` option.
 */
export const publishedPrices: readonly ModelPrice[] = [
  price('claude-fable-5-1', '2026-09-01', [10, 50, 0.25, 12.5, 20]),
  price('claude-fable-5', '2026-01-01', [10, 50, 1, 12.5, 20]),
  price('claude-opus-5-5', '2026-09-22', [4, 20, 0.2, 5, 8]),
  price('claude-opus-5', '2026-07-24', [5, 25, 0.5, 6.25, 10]),
  price('claude-opus-4-7', '2026-03-01', [5, 25, 0.5, 6.25, 10]),
  price('claude-opus-4-6', '2026-01-01', [5, 25, 0.5, 6.25, 10]),
  price('claude-opus-4-5', '2025-11-01', [5, 25, 0.5, 6.25, 10]),
  price('claude-opus-4-1', '2025-08-01', [15, 75, 1.5, 18.75, 30]),
  price('claude-opus-4', '2025-05-01', [15, 75, 1.5, 18.75, 30]),
  price('claude-sonnet-5-5', '2026-10-07', [2, 10, 0.1, 2.5, 4]),
  price('claude-sonnet-5-5', '2026-09-28', [2, 10, 0.2, 2.5, 4]),
  price('claude-sonnet-5', '2026-01-01', [2, 10, 0.2, 2.5, 4]),
  price('claude-sonnet-4-6', '2026-01-01', [3, 15, 0.3, 3.75, 6]),
  price('claude-sonnet-4-5', '2025-09-01', [3, 15, 0.3, 3.75, 6]),
  price('claude-sonnet-4', '2025-05-01', [3, 15, 0.3, 3.75, 6]),
  {
    ...price('claude-haiku-5-5', '2026-10-07', [0.1, 0.5, 0.01, 0.125, 0.2]),
    longPrompt: { aboveTokens: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625, cacheWrite1h: 1 },
  },
  price('claude-haiku-4-5', '2025-10-01', [1, 5, 0.1, 1.25, 2]),
  price('claude-3-5-haiku', '2024-11-01', [0.8, 4, 0.08, 1, 1.6]),
];
