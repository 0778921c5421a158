import type { Sample } from '../contract/sample.js';
import { MetricsError } from '../errors.js';

/** More samples than this are not read from one text. */
const SAMPLES_LIMIT = 100_000;

const METRIC_NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
/** Up to the next blank; an exemplar or timestamp follows it. */
const VALUE = /[^ \t]+/y;
const PLAIN_VALUE = /[^"\\]*/y;

/**
 * The samples of a Prometheus text exposition (0.0.4) or OpenMetrics text (1.0.0). Timestamps and exemplars are read over.
 * @throws MetricsError `MALFORMED_EXPOSITION` with the line's number
 */
export function parsePrometheusText(text: string): Sample[] {
  const samples: Sample[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.trim() === '') continue;
    if (samples.length >= SAMPLES_LIMIT) throw malformed(number, `more than ${SAMPLES_LIMIT} samples`);
    samples.push(new LineReader(trimmed, number).sample());
  }
  return samples;
}

function malformed(line: number, what: string): MetricsError {
  return new MetricsError('MALFORMED_EXPOSITION', `Line ${line} is not a Prometheus sample: ${what}.`);
}

class LineReader {
  readonly #line: string;
  readonly #number: number;
  #at = 0;

  constructor(line: string, number: number) {
    this.#line = line;
    this.#number = number;
  }

  sample(): Sample {
    this.#skipBlanks();
    const name = this.#need(METRIC_NAME, 'a metric name');
    this.#skipBlanks();
    const labels = this.#line[this.#at] === '{' ? this.#labels() : {};
    this.#skipBlanks();
    const value = this.#parseNumber(this.#need(VALUE, 'a value'));
    return { name, labels, value };
  }

  #labels(): Record<string, string> {
    const labels: [string, string][] = [];
    this.#at++;
    for (;;) {
      this.#skipBlanks();
      if (this.#line[this.#at] === '}') break;
      const name = this.#need(LABEL_NAME, 'a label name');
      this.#skipBlanks();
      this.#expect('=');
      this.#skipBlanks();
      labels.push([name, this.#quoted()]);
      this.#skipBlanks();
      if (this.#line[this.#at] === ',') this.#at++;
      else if (this.#line[this.#at] !== '}') throw malformed(this.#number, 'expected "," or "}" after a label');
    }
    this.#at++;
    return Object.fromEntries(labels);
  }

  #quoted(): string {
    this.#expect('"');
    let value = '';
    for (;;) {
      value += this.#take(PLAIN_VALUE);
      const next = this.#line[this.#at++];
      if (next === '"') return value;
      if (next === undefined) throw malformed(this.#number, 'a label value is not closed');
      const escaped = this.#line[this.#at++];
      value += escaped === 'n' ? '\n' : escaped === '"' || escaped === '\\' ? escaped : `\\${escaped ?? ''}`;
    }
  }

  #parseNumber(text: string): number {
    const value = Number(text);
    if (!Number.isNaN(value) && /^[-+0-9.]/.test(text)) return value;
    const word = text.toLowerCase();
    if (word === 'nan') return Number.NaN;
    if (/^\+?inf(?:inity)?$/.test(word)) return Number.POSITIVE_INFINITY;
    if (/^-inf(?:inity)?$/.test(word)) return Number.NEGATIVE_INFINITY;
    throw malformed(this.#number, 'its value is not a number');
  }

  #skipBlanks(): void {
    while (this.#line[this.#at] === ' ' || this.#line[this.#at] === '\t') this.#at++;
  }

  #expect(character: string): void {
    if (this.#line[this.#at] !== character) throw malformed(this.#number, `expected ${character}`);
    this.#at++;
  }

  #need(pattern: RegExp, what: string): string {
    const found = this.#take(pattern);
    if (found === '') throw malformed(this.#number, `expected ${what}`);
    return found;
  }

  /** What the sticky pattern matches here, or nothing. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#line)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}
