export { type Clock, createSystemClock, type Timer } from './clock.js';
export * from './contract/index.js';
export {
  defineNotifier,
  type HttpAnswer,
  type HttpCall,
  type HttpRequest,
  type NotifierDeps,
  type NotifierKind,
  type ParsedOptions,
} from './define-notifier.js';
export type {
  AlertEngine,
  ChannelStatus,
  DrillResult,
  EngineConfig,
  EngineDeps,
  EngineRole,
  EngineStatus,
  ServiceFacts,
} from './engine-types.js';
export { AlertsError, type AlertsErrorCode, alertsErrorCodes } from './errors.js';
export type { AlertRecord } from './evaluation/alert-record.js';
export type { Delivery, Notifier, Pace } from './notifier.js';
export type {
  AlertStore,
  Fencing,
  OutboxNotice,
  Requests,
  StoredChange,
  StoredSnapshot,
  Telling,
} from './store/alert-store.js';
