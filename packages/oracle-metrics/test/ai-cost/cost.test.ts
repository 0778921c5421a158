import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { totalTokens } from '../../src/ai-cost/token-usage.js';
import {
  createMetrics,
  createPriceList,
  fromAnthropicUsage,
  fromGeminiUsage,
  fromOpenAiUsage,
  type ModelPrice,
  PRICES_AS_OF,
  publishedPrices,
} from '../../src/index.js';
import { createFakeClock } from '../fake-clock.js';

const at = new Date('2026-11-01T00:00:00Z');
const usd = (nano: number | null): number | null => (nano === null ? null : nano / 1e9);

describe('the price list', () => {
  it('prices each kind of token on its own', () => {
    const million = {
      input: 1_000_000,
      output: 1_000_000,
      cacheRead: 1_000_000,
      cacheWrite: 1_000_000,
      cacheWrite1h: 1_000_000,
    };
    expect(usd(createPriceList().cost({ model: 'claude-sonnet-4-6', ...million }, at))).toBe(3 + 15 + 0.3 + 3.75 + 6);
  });

  it.each([
    ['claude-sonnet-5-5', '2026-10-06', 0.2],
    ['claude-sonnet-5-5', '2026-10-07', 0.1],
    ['claude-sonnet-5-5', '2020-01-01', 0.2],
  ])('takes the price of %s that held on %s', (model, day, cacheRead) => {
    expect(usd(createPriceList().cost({ model, cacheRead: 1_000_000 }, new Date(day)))).toBe(cacheRead);
  });

  it.each([
    'claude-sonnet-4-5-20250929',
    'claude-sonnet-4-5-latest',
    'claude-sonnet-4-5@20250929',
    'claude-sonnet-4-5[1m]',
  ])('knows %s as claude-sonnet-4-5', (model) => {
    expect(usd(createPriceList().cost({ model, input: 100_000 }, at))).toBe(0.3);
  });

  it('charges every token of a long prompt at its own price', () => {
    const prices = createPriceList();
    expect(usd(prices.cost({ model: 'claude-haiku-5-5', input: 60_000, cacheRead: 40_000, output: 1000 }, at))).toBe(
      0.0069,
    );
    expect(usd(prices.cost({ model: 'claude-haiku-5-5', input: 60_001, cacheRead: 40_000, output: 1000 }, at))).toBe(
      0.0345005,
    );
  });

  it.each([
    ['claude-opus-4-8', 5, 25],
    ['claude-opus-5-5', 4, 20],
    ['claude-fable-5', 10, 50],
    ['claude-3-haiku-20240307', 0.25, 1.25],
  ])('charges %s its list price of %d and %d dollars per million tokens', (model, input, output) => {
    const prices = createPriceList();
    expect(usd(prices.cost({ model, input: 100_000 }, at))).toBe(input / 10);
    expect(usd(prices.cost({ model, output: 100_000 }, at))).toBe(output / 10);
  });

  it('lists no model twice from one day, and no day after the table was compared', () => {
    const rows = publishedPrices.map(({ model, from }) => `${model} ${from}`);
    expect(new Set(rows).size).toBe(rows.length);
    for (const { from } of publishedPrices) expect(from <= PRICES_AS_OF).toBe(true);
  });

  it('does not round a price below a billionth of a dollar a token to nothing', () => {
    const cheap: ModelPrice = {
      model: 'cheap',
      from: '2026-01-01',
      input: 0.0004,
      output: 0,
      cacheRead: 0,
      cacheWrite: 0,
    };
    expect(usd(createPriceList([cheap]).cost({ model: 'cheap', input: 1_000_000 }, at))).toBe(0.0004);
  });

  it('answers null, not 0, for a model it does not know', () => {
    for (const model of ['gpt-unheard-of', '', '__proto__', 'claude-sonnet', 'claude-sonnet-4-55']) {
      expect(createPriceList().cost({ model, input: 5 }, at)).toBeNull();
    }
  });

  it('puts the caller’s prices before the published ones', () => {
    const own: ModelPrice[] = [
      { model: 'claude-sonnet-5', from: '2026-01-01', input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1 },
      { model: 'home-grown', from: '2026-01-01', input: 0, output: 0, cacheRead: 0, cacheWrite: 0.5 },
    ];
    const prices = createPriceList(own);
    expect(usd(prices.cost({ model: 'claude-sonnet-5', input: 1_000_000 }, at))).toBe(1);
    expect(usd(prices.cost({ model: 'home-grown', cacheWrite1h: 1_000_000 }, at))).toBe(0.5);
    expect(prices.cost({ model: 'home-grown', input: 7 }, at)).toBe(0);
  });

  it.each([
    [{ from: 'tomorrow' }, /YYYY-MM-DD, got "tomorrow"/],
    [{ input: -1 }, /USD per million/],
    [{ output: Number.NaN }, /USD per million/],
  ])('refuses a price with %j', (wrong, message) => {
    const entry = { model: 'm', from: '2026-01-01', input: 1, output: 1, cacheRead: 1, cacheWrite: 1, ...wrong };
    expect(() => createPriceList([entry])).toThrow(message);
  });

  it('holds only prices that are whole billionths of a dollar a token, so that sums are exact', () => {
    for (const entry of publishedPrices) {
      for (const price of [entry.input, entry.output, entry.cacheRead, entry.cacheWrite, entry.cacheWrite1h ?? 0]) {
        expect(Math.abs(price * 1000 - Math.round(price * 1000))).toBeLessThan(1e-9);
      }
    }
  });

  it('costs a sum of calls as much as the calls, to the billionth', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50_000), { minLength: 1, maxLength: 50 }), (inputs) => {
        const prices = createPriceList();
        const one = (input: number): number => prices.cost({ model: 'claude-opus-4-1', input }, at) ?? Number.NaN;
        expect(inputs.map(one).reduce((sum, cost) => sum + cost, 0)).toBe(
          one(inputs.reduce((sum, input) => sum + input, 0)),
        );
      }),
    );
  });
});

describe('recordTokens', () => {
  it('counts the tokens of an unknown model, and says that their cost is unknown', () => {
    const metrics = createMetrics({ service: 'oracle', now: createFakeClock().now });
    metrics.recordTokens({ model: 'home-grown', input: 10, output: 5 });
    expect(metrics.getMetrics()).toMatchObject({ tokens_used: 15, cost_usd: 0 });
    const text = metrics.toPrometheus();
    expect(text).toContain('ai_cost_unknown_calls_total{model="home-grown"} 1\n');
    expect(text).not.toContain('ai_cost_usd_total{model="home-grown"}');
  });

  it('takes impossible counts for 0 and a missing model for unknown', () => {
    const metrics = createMetrics({ service: 'oracle' });
    metrics.recordTokens({ model: '', input: -5, output: 1.5, cacheRead: Number.NaN, cacheWrite: 2 ** 60 });
    metrics.recordTokens({ model: 7 as unknown as string, output: 4 });
    expect(metrics.getMetrics().tokens_used).toBe(4);
    expect(metrics.toPrometheus()).toContain('ai_tokens_total{model="unknown",kind="output"} 4\n');
  });

  it('shows tokens by model and their cost in the sealed minutes', () => {
    const clock = createFakeClock();
    const metrics = createMetrics({ service: 'oracle', now: clock.now });
    metrics.recordTokens({ model: 'claude-opus-4-1', input: 1000 });
    clock.advance(60_000);
    expect(metrics.getMetrics({ minutesSince: new Date(0) }).minutes).toMatchObject([
      { tokens: { 'claude-opus-4-1': 1000 }, cost_usd: 0.015 },
    ]);
  });
});

describe('usage of a provider', () => {
  it('of Anthropic leaves cached tokens out of the input already', () => {
    const usage = {
      input_tokens: 100,
      output_tokens: 20,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 500,
      cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 300 },
    };
    expect(fromAnthropicUsage('m', usage)).toEqual({
      model: 'm',
      input: 100,
      output: 20,
      cacheRead: 1000,
      cacheWrite: 200,
      cacheWrite1h: 300,
    });
  });

  it.each([
    [
      'responses',
      {
        input_tokens: 1100,
        output_tokens: 70,
        input_tokens_details: { cached_tokens: 1000 },
        output_tokens_details: { reasoning_tokens: 50 },
      },
    ],
    [
      'chat completions',
      { prompt_tokens: 1100, completion_tokens: 70, prompt_tokens_details: { cached_tokens: 1000 } },
    ],
  ])('of OpenAI (%s) counts cached tokens once', (_api, usage) => {
    expect(fromOpenAiUsage('m', usage)).toMatchObject({ input: 100, cacheRead: 1000, output: 70 });
  });

  it('of Gemini counts cached tokens once and thoughts as output', () => {
    const usage = {
      promptTokenCount: 1100,
      cachedContentTokenCount: 1000,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 50,
      totalTokenCount: 1170,
    };
    const read = fromGeminiUsage('m', usage);
    expect(read).toMatchObject({ input: 100, cacheRead: 1000, output: 70 });
    expect(totalTokens(read)).toBe(usage.totalTokenCount);
  });

  it('always adds up to what the provider counted, whatever it says of its cache', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), fc.nat(2e6), fc.nat(2e6), (prompt, output, cached, written) => {
        const details = { cached_tokens: cached, cache_write_tokens: written };
        expect(
          totalTokens(
            fromOpenAiUsage('m', { input_tokens: prompt, output_tokens: output, input_tokens_details: details }),
          ),
        ).toBe(prompt + output);
        const gemini = { promptTokenCount: prompt, candidatesTokenCount: output, cachedContentTokenCount: cached };
        expect(totalTokens(fromGeminiUsage('m', gemini))).toBe(prompt + output);
        const anthropic = {
          input_tokens: prompt,
          output_tokens: output,
          cache_creation_input_tokens: cached,
          cache_creation: { ephemeral_1h_input_tokens: written },
        };
        expect(totalTokens(fromAnthropicUsage('m', anthropic))).toBe(prompt + output + cached);
      }),
    );
  });

  it.each([[undefined], [null], ['text'], [{ input_tokens: 'many' }]])(
    'is nothing when the provider says %j',
    (usage) => {
      for (const read of [fromAnthropicUsage, fromOpenAiUsage, fromGeminiUsage])
        expect(totalTokens(read('m', usage))).toBe(0);
    },
  );
});
