import { analyzePatterns as analyze } from '../patterns/patterns.js';
import type { Operation } from './operation.js';

/** What the stored insights of one user, or of everybody, have in common. */
export const analyzePatterns: Operation = {
  name: 'AnalyzePatterns',
  measuredAs: 'analysis',
  prepare: (fields, deps) => {
    const userId = fields.userId();
    const limit = fields.integer('limit', 500, 1, 1000);
    return fields.finish({
      userId,
      run: async () => {
        const report = analyze(await deps.insights.loadSamples(userId, limit));
        return {
          samples: report.samples,
          counts: report.counts,
          dominant_digit: report.dominantDigit ?? 0,
          ...(report.chiSquared === null ? {} : { chi_squared: report.chiSquared }),
          ...(report.pValue === null ? {} : { p_value: report.pValue }),
          evidence: report.evidence,
          ...(report.entropyRatio === null ? {} : { entropy_ratio: report.entropyRatio }),
          longest_streak: report.longestStreak,
          rising_digit: report.risingDigit ?? 0,
        };
      },
    });
  },
};
