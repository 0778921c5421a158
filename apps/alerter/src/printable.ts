// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** A line as a terminal may be shown it: what services say may hold anything, and a terminal obeys control characters. */
export function printable(line: string): string {
  return line.replace(UNPRINTABLE, '\ufffd');
}
