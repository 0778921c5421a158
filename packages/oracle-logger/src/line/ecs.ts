import { ownFields } from '../own-fields.js';
import { errorStack, errorText, errorType, inheritedData } from '../redact/view.js';

/** Our field names and what ECS calls them. */
const ecsNames: ReadonlyMap<string, string> = new Map([
  ['user_id', 'user.id'],
  ['action', 'event.action'],
  ['error_type', 'error.type'],
  ['trace_id', 'trace.id'],
  ['span_id', 'span.id'],
  ['request_id', 'http.request.id'],
  ['method', 'http.request.method'],
  ['status', 'http.response.status_code'],
  ['path', 'url.path'],
  ['filename', 'log.origin.file.name'],
  ['line', 'log.origin.file.line'],
]);

/** ECS counts durations in nanoseconds. */
const nanosecondsInMillisecond = 1e6;

/** A caller's fields under their ECS names; unknown ones keep theirs. */
export function toEcsFields(fields: Record<string, unknown>): Record<string, unknown> {
  const renamed: Record<string, unknown> = {};
  let hasError = false;
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'duration_ms' && typeof value === 'number') {
      renamed['event.duration'] = Math.round(value * nanosecondsInMillisecond);
    } else if ((key === 'error' || key === 'err') && typeof value === 'object' && value !== null) {
      // ECS has names for one error: a second one stays in one piece.
      if (hasError) renamed['err'] = value;
      else addError(renamed, value);
      hasError = true;
    } else {
      const name = ecsNames.get(key) ?? key;
      renamed[name === '__proto__' ? '[__proto__]' : name] = value;
    }
  }
  return renamed;
}

/** https://www.elastic.co/guide/en/ecs/8.11/ecs-error.html; what ECS has no name for keeps its own below `error`. */
function addError(renamed: Record<string, unknown>, error: object): void {
  const ecs: Record<string, unknown> = {
    'error.type': errorType(error),
    'error.message': errorText(error, 'message'),
    'error.stack_trace': errorStack(error),
    'error.cause': inheritedData(error, 'cause'),
    'error.errors': inheritedData(error, 'errors'),
  };
  const others = ownFields(error, ['type', 'name', 'message', 'stack', 'stack_trace', 'cause', 'errors']);
  for (const [key, value] of Object.entries(others)) ecs[`error.${key}`] = value;
  for (const [key, value] of Object.entries(ecs)) if (value !== undefined) renamed[key] ??= value;
}
