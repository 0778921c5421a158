export { type BenchSection, type Bound, benchSection } from './bench-section.js';
export { launchBrowser } from './browser.js';
export { createTestDatabase, startPostgres, type TestDatabase } from './databases.js';
export { hasPrometheus, type Prometheus, startPrometheus } from './prometheus.js';
export { type ReceivedMessage, startTelegramPeer, type TelegramPeer } from './telegram-peer.js';
export { waitFor } from './wait-for.js';
