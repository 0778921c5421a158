export type { ScrapeFailure, ScrapeFailureReason } from './failure.js';
export { createKeptConnections, type KeptConnections } from './kept-connections.js';
export { createNameLookup, type NameLookupOptions } from './name-lookup.js';
export { parsePrometheusText } from './prometheus-text.js';
export { type ScrapeOptions, type ScrapeResult, type ScrapeTarget, scrape } from './scrape.js';
export { createSeriesMemo, type Series, type SeriesMemo } from './series-memo.js';
