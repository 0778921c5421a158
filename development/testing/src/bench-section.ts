import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A bound that a figure has to keep; one of the two. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

export interface BenchSection {
  /** Prints a table and keeps it for the document. */
  table(title: string, columns: readonly string[], rows: readonly (readonly (string | number)[])[]): void;
  /** Prints a figure beside its bound; false when it was missed. `unit` stands right after the number: ' ms', '×'. */
  bar(what: string, value: number, unit: string, bound: Bound): boolean;
  /** Prints a figure that has no bound. */
  figure(what: string, value: number, unit: string): void;
  /**
   * Ends the section: says how many bars were missed (then the exit code is 1) and, with `BENCH_WRITE=1`, puts its
   * tables between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` of docs/performance.md.
   */
  finish(): void;
}

const documentPath = fileURLToPath(new URL('../../../docs/performance.md', import.meta.url));

/** One section of a benchmark's report, by the name of its markers in docs/performance.md. */
export function benchSection(name: string, path: string = documentPath): BenchSection {
  const markdown: string[] = [];
  const bars: (readonly string[])[] = [];
  let missed = 0;
  const print = (text: string): void => void process.stdout.write(`${text}\n`);

  return {
    table(title, columns, rows) {
      const text = markdownTable(
        columns,
        rows.map((row) => row.map(shown)),
      );
      print(`\n${title}\n\n${text}`);
      markdown.push(`**${title}**\n\n${text}`);
    },
    bar(what, value, unit, bound) {
      const reached = keeps(value, bound);
      if (!reached) missed += 1;
      const row = [what, `${shown(value)}${unit}`, `${boundText(bound)}${unit}`, reached ? 'reached' : '**missed**'];
      print(`  ${reached ? 'reached' : 'MISSED '}  ${row[0]}: ${row[1]} (${row[2]})`);
      bars.push(row);
      return reached;
    },
    figure(what, value, unit) {
      print(`           ${what}: ${shown(value)}${unit}`);
      bars.push([what, `${shown(value)}${unit}`, '–', '']);
    },
    finish() {
      print(missed === 0 ? '\nEvery bar was reached.' : `\n${missed} of ${bars.length} bars were missed.`);
      if (missed > 0) process.exitCode = 1;
      if (process.env['BENCH_WRITE'] !== '1') return;
      const tables = bars.length > 0 ? [...markdown, markdownTable(['figure', 'measured', 'bar', ''], bars)] : markdown;
      const stamp = `Node ${process.versions.node}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}.`;
      writeFileSync(path, replaceSection(readFileSync(path, 'utf8'), name, [...tables, stamp].join('\n\n')));
    },
  };
}

/** The document with other words between the two markers of a name; a document without them is refused. */
export function replaceSection(document: string, name: string, body: string): string {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [document.indexOf(open), document.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md needs the lines ${open} and ${close}, in this order`);
  return `${document.slice(0, from + open.length)}\n\n${body}\n\n${document.slice(to)}`;
}

function keeps(value: number, bound: Bound): boolean {
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}

function boundText(bound: Bound): string {
  return 'atMost' in bound ? `≤ ${shown(bound.atMost)}` : `≥ ${shown(bound.atLeast)}`;
}

/** Three significant digits are what a shared machine repeats. */
function shown(value: string | number): string {
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, n) => Math.max(3, column.length, ...rows.map((row) => (row[n] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
