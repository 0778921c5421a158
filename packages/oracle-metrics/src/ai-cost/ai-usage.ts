import { type TokenKind, type TokenUsage, tokenKinds } from './token-usage.js';

/** What the calls of one model used. */
export interface ModelUsage {
  readonly tokens: ReadonlyMap<TokenKind, number>;
  /** Whole billionths of a dollar; `null` as long as no call had a known price. */
  readonly costNanoUsd: number | null;
  readonly unknownCalls: number;
}

/** What AI calls used and cost since the process started. Only whole numbers are added, so sums stay exact. */
export class AiUsage {
  readonly byModel = new Map<string, ModelUsage>();
  tokens = 0;
  costNanoUsd = 0;
  /** Calls of models without a price. */
  unknownCalls = 0;

  add(model: string, usage: TokenUsage, costNanoUsd: number | null): void {
    const before = this.byModel.get(model) ?? { tokens: new Map(), costNanoUsd: null, unknownCalls: 0 };
    const tokens = new Map(before.tokens);
    for (const kind of tokenKinds) {
      const count = usage[kind] ?? 0;
      if (count > 0) tokens.set(kind, (tokens.get(kind) ?? 0) + count);
      this.tokens += count;
    }
    const unknownCalls = costNanoUsd === null ? 1 : 0;
    this.byModel.set(model, {
      tokens,
      costNanoUsd: costNanoUsd === null ? before.costNanoUsd : (before.costNanoUsd ?? 0) + costNanoUsd,
      unknownCalls: before.unknownCalls + unknownCalls,
    });
    this.costNanoUsd += costNanoUsd ?? 0;
    this.unknownCalls += unknownCalls;
  }
}
