export * from './alert.js';
export * from './message.js';
export * from './notice.js';
export * from './observation.js';
export * from './route.js';
export * from './rule.js';
export * from './severity.js';
export * from './silence.js';
