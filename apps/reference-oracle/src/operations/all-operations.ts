import { analyzePatterns } from './analyze-patterns.js';
import { getDailyInsight } from './get-daily-insight.js';
import { getNameReading } from './get-name-reading.js';
import { getQuestionSign } from './get-question-sign.js';
import { getReading } from './get-reading.js';
import { getTimingAlignment } from './get-timing-alignment.js';
import type { Operation } from './operation.js';
import { suggestRange } from './suggest-range.js';

/** Every timed operation; the gRPC server and the tests derive from it. */
export const allOperations: readonly Operation[] = [
  getReading,
  getNameReading,
  getQuestionSign,
  getDailyInsight,
  getTimingAlignment,
  analyzePatterns,
  suggestRange,
];
