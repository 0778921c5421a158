export { parsePrometheusText } from './prometheus-text.js';
export {
  type ScrapeFailureReason,
  type ScrapeOptions,
  type ScrapeResult,
  type ScrapeTarget,
  scrape,
} from './scrape.js';
