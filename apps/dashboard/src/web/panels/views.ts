/** Every view but the first: one file, fetched when the first stands or one of these is asked for. */
export { Acknowledge } from './acknowledge.js';
export { Alerts } from './alerts.js';
export { Costs } from './costs.js';
export { Jobs } from './jobs.js';
export { Logs } from './logs.js';
export { Service } from './service.js';
export { Settings } from './settings.js';
export { Slo } from './slo.js';
