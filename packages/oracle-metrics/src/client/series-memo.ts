import type { Sample } from '../contract/sample.js';

/** What stands before a sample's value. */
export type Series = Pick<Sample, 'name' | 'labels'>;

/** Series by the text that names them on a page. */
export interface SeriesMemo {
  find(text: string): Series | undefined;
  keep(text: string, series: Series): void;
}

/** Series of one generation; two are kept, some 6 MB of them. */
const GENERATION = 10_000;

/**
 * Remembers the series of pages that are read again and again, as Prometheus does between scrapes. What was not seen for
 * 10,000 other series is forgotten.
 */
export function createSeriesMemo(): SeriesMemo {
  let young = new Map<string, Series>();
  let old = new Map<string, Series>();
  const keep = (text: string, series: Series): void => {
    if (young.size >= GENERATION) {
      old = young;
      young = new Map();
    }
    young.set(text, series);
  };
  return {
    find: (text) => {
      const found = young.get(text);
      if (found !== undefined) return found;
      const aged = old.get(text);
      if (aged !== undefined) keep(text, aged);
      return aged;
    },
    keep: (text, series) => keep(owned(text), ownedSeries(series)),
  };
}

function ownedSeries({ name, labels }: Series): Series {
  const pairs = Object.entries(labels).map(([label, value]): [string, string] => [owned(label), owned(value)]);
  return { name: owned(name), labels: Object.freeze(Object.fromEntries(pairs)) };
}

/** A part of a text keeps the whole of it in memory; a copy does not. */
function owned(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
