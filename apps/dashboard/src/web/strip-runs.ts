/** Equal neighbours of a strip as one run, so that a quiet day is one shape instead of 96. */
export interface StripRun {
  readonly letter: string;
  readonly start: number;
  readonly length: number;
}

/** Pure. */
export function stripRuns(strip: string): readonly StripRun[] {
  const runs: StripRun[] = [];
  for (let index = 0; index < strip.length; index += 1) {
    const letter = strip.charAt(index);
    const last = runs.at(-1);
    if (last?.letter === letter) runs[runs.length - 1] = { ...last, length: last.length + 1 };
    else runs.push({ letter, start: index, length: 1 });
  }
  return runs;
}

const words: Readonly<Record<string, string>> = { h: 'healthy', g: 'degraded', d: 'down', '-': 'no data' };

/** What the strip says to somebody who does not see it. */
export function describeStrip(strip: string): string {
  const parts = ['d', 'g', 'h', '-'].flatMap((letter) => {
    const ticks = strip.split(letter).length - 1;
    return ticks === 0 ? [] : [`${words[letter]} ${formatQuarters(ticks)}`];
  });
  return `Last 24 hours: ${parts.join(', ')}`;
}

function formatQuarters(ticks: number): string {
  return ticks < 4 ? `${ticks * 15} min` : `${Number((ticks / 4).toFixed(1))} h`;
}
