/** What a number stands for, in one word and one sentence. */
export interface Meaning {
  readonly word: string;
  readonly advice: string;
}

/**
 * The traditional reading of each chart number.
 * Source of the words: https://lylahwraithbourne.com/numerology.html; the advice is this Oracle's own sentence.
 */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  [1, { word: 'initiative', advice: 'Begin what has been waiting, and decide for yourself.' }],
  [2, { word: 'balance', advice: 'Listen first; what is shared lasts longer than what is won.' }],
  [3, { word: 'expression', advice: 'Say it, write it, show it: what is hidden cannot be answered.' }],
  [4, { word: 'structure', advice: 'Lay one stone after the other, and finish the one in your hand.' }],
  [5, { word: 'change', advice: 'Leave room for what was not planned; move while the door is open.' }],
  [6, { word: 'care', advice: 'Put the house in order and look after those in it.' }],
  [7, { word: 'analysis', advice: 'Withdraw a little, look closely, and trust what survives your doubt.' }],
  [8, { word: 'results', advice: 'Measure, bargain and take responsibility for what comes of it.' }],
  [9, { word: 'completion', advice: 'Bring it to an end, give away what you no longer need.' }],
  [11, { word: 'insight', advice: 'Take the sudden thought seriously, then test it in daylight.' }],
  [22, { word: 'master building', advice: 'Plan for many and for long, and start with the ground floor.' }],
  [33, { word: 'teaching', advice: 'Serve by showing how; do not carry what others must learn to carry.' }],
]);

const SILENT: Meaning = { word: 'silence', advice: 'This side of the name has no letter and says nothing.' };

/** The meaning of a chart number; 0 (no letter of that kind in the name) is silent. */
export function meaningOf(chartNumber: number): Meaning {
  return MEANINGS.get(chartNumber) ?? SILENT;
}
