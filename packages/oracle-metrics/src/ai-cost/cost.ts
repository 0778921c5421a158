import { MetricsError } from '../errors.js';
import { type ModelPrice, publishedPrices, type TokenPrices } from './prices.js';
import type { TokenUsage } from './token-usage.js';

/** A USD per million tokens is so many billionths of a dollar a token: prices of three decimals cost whole ones. */
const NANO_PER_TOKEN = 1000;

/** A date or `latest` behind the model's name, and the reach of its context, do not change its price. */
const SUFFIX = /(?:-\d{8}|-latest|@\d{8})?(?:\[1m\])?$/;

/** Answers what a call cost. */
export interface PriceList {
  /** Whole billionths of a US dollar, or `null` for a model without a price: unknown is never free. */
  cost(usage: TokenUsage, at: Date): number | null;
}

/**
 * The published prices with the caller's own in front of them.
 * @throws MetricsError `INVALID_OPTION` for a negative price or a date that is none
 */
export function createPriceList(own: readonly ModelPrice[] = []): PriceList {
  for (const entry of own) checkPrice(entry);
  const byModel = new Map<string, ModelPrice[]>();
  for (const entry of publishedPrices) byModel.set(entry.model, [...(byModel.get(entry.model) ?? []), entry]);
  for (const { model } of own)
    byModel.set(
      model,
      own.filter((entry) => entry.model === model),
    );
  for (const entries of byModel.values()) entries.sort((a, b) => b.from.localeCompare(a.from));

  return {
    cost(usage, at) {
      const entries = byModel.get(usage.model) ?? byModel.get(usage.model.replace(SUFFIX, ''));
      const day = at.toISOString().slice(0, 10);
      const entry = entries?.find((candidate) => candidate.from <= day) ?? entries?.at(-1);
      return entry === undefined ? null : costOf(usage, pricesFor(usage, entry));
    },
  };
}

function pricesFor(usage: TokenUsage, entry: ModelPrice): TokenPrices {
  const { input = 0, cacheRead = 0, cacheWrite = 0, cacheWrite1h = 0 } = usage;
  const promptTokens = input + cacheRead + cacheWrite + cacheWrite1h;
  return entry.longPrompt !== undefined && promptTokens > entry.longPrompt.aboveTokens ? entry.longPrompt : entry;
}

/** Rounded to a whole number once a call, so that sums stay exact. */
function costOf(usage: TokenUsage, prices: TokenPrices): number {
  const usdPerMillion =
    (usage.input ?? 0) * prices.input +
    (usage.output ?? 0) * prices.output +
    (usage.cacheRead ?? 0) * prices.cacheRead +
    (usage.cacheWrite ?? 0) * prices.cacheWrite +
    (usage.cacheWrite1h ?? 0) * (prices.cacheWrite1h ?? prices.cacheWrite);
  return Math.round(usdPerMillion * NANO_PER_TOKEN);
}

function checkPrice(entry: ModelPrice): void {
  const kinds = [entry, entry.longPrompt].flatMap((prices) =>
    prices === undefined
      ? []
      : [prices.input, prices.output, prices.cacheRead, prices.cacheWrite, prices.cacheWrite1h ?? 0],
  );
  if (kinds.some((usd) => !(usd >= 0 && usd < 1e6))) {
    throw new MetricsError(
      'INVALID_OPTION',
      `prices: "${entry.model}" needs input, output, cacheRead and cacheWrite in USD per million tokens.`,
    );
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(entry.from)) {
    throw new MetricsError(
      'INVALID_OPTION',
      `prices: "${entry.model}" needs "from" as YYYY-MM-DD, got "${entry.from}".`,
    );
  }
}
