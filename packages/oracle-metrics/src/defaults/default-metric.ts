import type { Registry } from '../registry/registry.js';

/** What a default metric watches; nothing happens before `start`. */
export interface DefaultMetric {
  start(): void;
  stop(): void;
}

/** Registers its families and answers what is to be started; a metric that only looks when somebody scrapes starts nothing. */
export type CreateDefaultMetric = (registry: Registry) => DefaultMetric;

export const nothingToStart: DefaultMetric = { start: () => undefined, stop: () => undefined };
