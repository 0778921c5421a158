import { eventLoop } from './event-loop.js';
import { garbageCollection } from './garbage-collection.js';
import { processUsage } from './process-usage.js';

/** One line each; see `default-metric.ts` for what one is. */
export const defaultMetrics = [processUsage, eventLoop, garbageCollection] as const;
