/** The path of a sparkline in a box of `width` × `height`: from 0 up, gaps as gaps, a lone point as a dot. Pure. */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const top = Math.max(...values.map((value) => value ?? 0));
  if (top <= 0) return '';
  const step = width / Math.max(1, values.length - 1);
  const parts: string[] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const x = round(index * step);
    const y = round(height - (value / top) * (height - 2) - 1);
    const before = index > 0 ? values[index - 1] : null;
    const after = values[index + 1] ?? null;
    if (before === null || before === undefined) parts.push(`M${x} ${y}${after === null ? 'h0.01' : ''}`);
    else parts.push(`L${x} ${y}`);
  });
  return parts.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
