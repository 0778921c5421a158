import { cleanUsage, type TokenUsage } from './token-usage.js';

/*
 * Providers count cached tokens differently: Anthropic's `input_tokens` leaves them out, OpenAI's and Gemini's prompt counts
 * include them. Each function answers disjoint kinds, so that their sum is what the provider counted.
 */

type Fields = Readonly<Record<string, unknown>>;

/** Usage of an Anthropic message (`response.usage`). */
export function fromAnthropicUsage(model: string, usage: unknown): TokenUsage {
  const fields = fieldsOf(usage);
  const byLife = fieldsOf(fields.cache_creation);
  const written = count(fields.cache_creation_input_tokens);
  const written1h = Math.min(count(byLife.ephemeral_1h_input_tokens), written);
  return cleanUsage({
    model,
    input: count(fields.input_tokens),
    output: count(fields.output_tokens),
    cacheRead: count(fields.cache_read_input_tokens),
    cacheWrite: written - written1h,
    cacheWrite1h: written1h,
  });
}

/** Usage of an OpenAI response: the names of the Responses API or those of chat completions. Reasoning is part of the output. */
export function fromOpenAiUsage(model: string, usage: unknown): TokenUsage {
  const fields = fieldsOf(usage);
  const prompt = count(fields.input_tokens ?? fields.prompt_tokens);
  const details = fieldsOf(fields.input_tokens_details ?? fields.prompt_tokens_details);
  const cacheRead = Math.min(count(details.cached_tokens), prompt);
  const cacheWrite = Math.min(count(details.cache_write_tokens), prompt - cacheRead);
  return cleanUsage({
    model,
    input: prompt - cacheRead - cacheWrite,
    output: count(fields.output_tokens ?? fields.completion_tokens),
    cacheRead,
    cacheWrite,
  });
}

/** Usage of a Gemini answer (`response.usageMetadata`). Thoughts are billed as output and not part of the candidates. */
export function fromGeminiUsage(model: string, usage: unknown): TokenUsage {
  const fields = fieldsOf(usage);
  const prompt = count(fields.promptTokenCount) + count(fields.toolUsePromptTokenCount);
  const cacheRead = Math.min(count(fields.cachedContentTokenCount), prompt);
  return cleanUsage({
    model,
    input: prompt - cacheRead,
    output: count(fields.candidatesTokenCount) + count(fields.thoughtsTokenCount),
    cacheRead,
  });
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
