export { type Sidecar, type SidecarOptions, startSidecar } from './sidecar.js';
export { createSidecarHandler, type SidecarContent } from './sidecar-handler.js';
export type { JobSource, MetricsSource } from './sources.js';
