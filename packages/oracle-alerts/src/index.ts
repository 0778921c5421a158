export {
  type AcknowledgeableAlert,
  type AcknowledgeClaim,
  type AcknowledgeReading,
  createAcknowledgeSigner,
  readAcknowledgeToken,
  SHORTEST_ACKNOWLEDGE_SECRET,
  type SignAcknowledgement,
} from './acknowledge-link.js';
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
export { createAlertEngine } from './engine/engine.js';
export type {
  AlertEngine,
  ChannelStatus,
  DrillResult,
  EngineConfig,
  EngineDeps,
  EngineRole,
  EngineStatus,
  ReplicaAnswer,
  ReplicaState,
} from './engine-types.js';
export { AlertsError, type AlertsErrorCode, alertsErrorCodes } from './errors.js';
export type { AlertRecord, Occurrence } from './evaluation/alert-record.js';
export { evaluate } from './evaluation/evaluate.js';
export {
  allAlerts,
  createEvaluationState,
  type EvaluationState,
  type Mute,
  type ServiceFacts,
} from './evaluation/evaluation-state.js';
export { hideSecrets } from './messages/clean-text.js';
export { renderPlain, renderTelegramHtml } from './messages/render.js';
export type { Delivery, Notifier, Pace } from './notifier.js';
export { alertmanagerAlerts, alertmanagerNotifier } from './notifiers/alertmanager.js';
export { alertmanagerSilence } from './notifiers/alertmanager-silence.js';
export { emailNotifier } from './notifiers/email.js';
export { type BuiltInNotifierKind, builtInNotifiers } from './notifiers/index.js';
export { pagerDutyEvent, pagerDutyNotifier } from './notifiers/pager-duty.js';
export { type ParsedChannels, parseChannels } from './notifiers/parse-channels.js';
export { renderSlack, slackNotifier } from './notifiers/slack.js';
export { telegramNotifier } from './notifiers/telegram.js';
export { signWebhook, webhookNotifier, webhookPayload } from './notifiers/webhook.js';
export { type DefaultThresholds, defaultRules } from './rules/default-rules.js';
export { alertsSchema, maintenanceSchema, routeSchema, ruleSchema } from './rules/json-schema.js';
export {
  type ParsedMaintenance,
  type ParsedRoutes,
  parseMaintenance,
  parseRoutes,
} from './rules/parse-routes.js';
export { type ParsedRules, parseRules } from './rules/parse-rules.js';
export {
  alertApiError,
  alertDatabaseError,
  alertDiskSpaceLow,
  alertJobFailed,
  alertMemoryHigh,
  checkSystemResources,
} from './simple/alerts.js';
export {
  createOracleAlerter,
  type OracleAlerter,
  type OracleAlerterConfig,
  type OracleAlerterDeps,
} from './simple/oracle-alerter.js';
export type { CheckableResources, ResourceLimits } from './simple/system-resources.js';
export type {
  AlertStore,
  Fencing,
  OutboxNotice,
  Requests,
  StoredChange,
  StoredSnapshot,
  Telling,
} from './store/alert-store.js';
export { createDocumentStore, createMemoryStore, type Transact } from './store/document-store.js';
