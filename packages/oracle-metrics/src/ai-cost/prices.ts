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

const longSonnetPrompt = {
  aboveTokens: 200_000,
  input: 6,
  output: 22.5,
  cacheRead: 0.6,
  cacheWrite: 7.5,
  cacheWrite1h: 12,
};

/**
 * List prices of the Anthropic API, standard tier: input, output, cache read, 5-minute write, 1-hour write. Contract
 * prices and other providers go into the `prices` option.
 *
 * Prices: the table "Model pricing" of https://platform.claude.com/docs/en/about-claude/pricing. Days: the release
 * stated on the model's page under https://platform.claude.com/docs/en/models/ or in its announcement under
 * https://www.anthropic.com/news/; for Haiku 5.5 and the second row of Sonnet 5.5 the day on which the prices changed.
 */
export const publishedPrices: readonly ModelPrice[] = [
  price('claude-fable-5-1', '2026-09-01', [10, 50, 0.25, 12.5, 20]),
  price('claude-mythos-5-1', '2026-09-01', [10, 50, 0.25, 12.5, 20]),
  price('claude-fable-5', '2026-06-09', [10, 50, 1, 12.5, 20]),
  price('claude-mythos-5', '2026-06-09', [10, 50, 1, 12.5, 20]),
  price('claude-opus-5-5', '2026-09-22', [4, 20, 0.2, 5, 8]),
  price('claude-opus-5', '2026-07-24', [5, 25, 0.5, 6.25, 10]),
  price('claude-opus-4-8', '2026-05-28', [5, 25, 0.5, 6.25, 10]),
  price('claude-opus-4-7', '2026-04-16', [5, 25, 0.5, 6.25, 10]),
  price('claude-opus-4-6', '2026-02-05', [5, 25, 0.5, 6.25, 10]),
  price('claude-opus-4-5', '2025-11-24', [5, 25, 0.5, 6.25, 10]),
  price('claude-opus-4-1', '2025-08-05', [15, 75, 1.5, 18.75, 30]),
  price('claude-opus-4', '2025-05-22', [15, 75, 1.5, 18.75, 30]),
  price('claude-3-opus', '2024-03-04', [15, 75, 1.5, 18.75, 30]),
  price('claude-sonnet-5-5', '2026-10-07', [2, 10, 0.1, 2.5, 4]),
  price('claude-sonnet-5-5', '2026-09-28', [2, 10, 0.2, 2.5, 4]),
  price('claude-sonnet-5', '2026-06-30', [2, 10, 0.2, 2.5, 4]),
  price('claude-sonnet-4-6', '2026-02-17', [3, 15, 0.3, 3.75, 6]),
  { ...price('claude-sonnet-4-5', '2025-09-29', [3, 15, 0.3, 3.75, 6]), longPrompt: longSonnetPrompt },
  { ...price('claude-sonnet-4', '2025-05-22', [3, 15, 0.3, 3.75, 6]), longPrompt: longSonnetPrompt },
  price('claude-3-7-sonnet', '2025-02-24', [3, 15, 0.3, 3.75, 6]),
  price('claude-3-5-sonnet', '2024-06-20', [3, 15, 0.3, 3.75, 6]),
  {
    ...price('claude-haiku-5-5', '2026-10-07', [0.1, 0.5, 0.01, 0.125, 0.2]),
    longPrompt: { aboveTokens: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625, cacheWrite1h: 1 },
  },
  price('claude-haiku-4-5', '2025-10-15', [1, 5, 0.1, 1.25, 2]),
  price('claude-3-5-haiku', '2024-11-04', [0.8, 4, 0.08, 1, 1.6]),
  price('claude-3-haiku', '2024-03-13', [0.25, 1.25, 0.03, 0.3, 0.5]),
];
