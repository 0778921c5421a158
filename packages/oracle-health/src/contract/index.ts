export { MalformedReport, parseHealthReport } from './parse-report.js';
export { type Failure, type FailureReason, failureReasons, type ProbeResult, type Report } from './probe-result.js';
export {
  type CheckReport,
  type CheckStatus,
  type ErrorClass,
  errorClasses,
  type HealthReport,
  type ServiceStatus,
} from './report.js';
export { publicAddress, type Target, type TargetKind, targetKinds } from './target.js';
