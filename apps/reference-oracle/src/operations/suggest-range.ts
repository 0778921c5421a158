import { type NumberRange, type RangeSuggestion, suggestRange as suggest } from '../patterns/range.js';
import type { FieldReader } from './fields.js';
import type { Operation } from './operation.js';

/** Stored insights a suggestion looks at: the newest. */
const SAMPLE_LIMIT = 1000;
/** Earlier suggestions a new one keeps clear of: as many as there are cells. */
const TAKEN_LIMIT = 81;

/** A range of numbers to look into, computed from the stored insights and kept in `oracle_suggestions`. */
export const suggestRange: Operation = {
  name: 'SuggestRange',
  measuredAs: 'suggestion',
  prepare: (fields, deps) => {
    const userId = fields.userId();
    const { space, width } = readSpace(fields);
    return fields.finish({
      userId,
      run: async () => {
        const samples = await deps.insights.loadSamples(userId, SAMPLE_LIMIT);
        const taken = await deps.suggestions.loadRanges(userId, space, TAKEN_LIMIT);
        const suggestion = suggest({ space, width, samples, taken });
        const reason = explain(suggestion);
        const id = await deps.suggestions.store({ ...suggestion, userId, reason });
        return {
          suggestion_id: id,
          start: suggestion.start.toString(),
          end: suggestion.end.toString(),
          start_hex: `0x${suggestion.start.toString(16)}`,
          end_hex: `0x${suggestion.end.toString(16)}`,
          confidence_ratio: suggestion.confidenceRatio,
          based_on: suggestion.basedOn,
          reason,
        };
      },
    });
  },
};

function readSpace(fields: FieldReader): { readonly space: NumberRange; readonly width: bigint } {
  const start = fields.bigNumber('space_start');
  const end = fields.bigNumber('space_end');
  if (start === null) fields.note('space_start', 'expected the first number of the space');
  if (end === null) fields.note('space_end', 'expected the last number of the space');
  const space = { start: start ?? 0n, end: end ?? start ?? 0n };
  const size = space.end - space.start + 1n;
  if (size < 1n) fields.note('space_end', 'expected a number that is not below space_start');
  const width = fields.bigNumber('width') ?? size / 81n;
  if (size >= 1n && width > size)
    fields.note('width', `expected at most the ${size} numbers of the space, got ${width}`);
  return { space, width: width < 1n ? 1n : width };
}

function explain({ cell, basedOn, confidenceRatio }: RangeSuggestion): string {
  if (basedOn === 0)
    return `No readings are stored yet; the first free part of the space (${cell.join('-')}) is as good as any.`;
  return `The digits ${cell.join(' and ')} stand out most in ${basedOn} stored readings (confidence ${confidenceRatio}).`;
}
