export { type ParsedTargets, parseTargets } from './parse-targets.js';
export { createProber, type ProbeOptions, type Prober, probe } from './probe.js';
export type { Environment } from './resolve-variables.js';
