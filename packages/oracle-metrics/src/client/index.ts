export type { ScrapeFailure, ScrapeFailureReason } from './failure.js';
export { createNameLookup, type NameLookupOptions } from './name-lookup.js';
export { parsePrometheusText } from './prometheus-text.js';
export { type ScrapeOptions, type ScrapeResult, type ScrapeTarget, scrape } from './scrape.js';
