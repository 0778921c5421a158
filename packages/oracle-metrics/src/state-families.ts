import { PRICES_AS_OF } from './ai-cost/prices.js';
import { tokenKindLabels } from './ai-cost/token-usage.js';
import type { MetricsState } from './metrics-state.js';
import type { Operation } from './operations/operation.js';
import type { Family } from './registry/family.js';
import { labelled } from './registry/registry.js';

export interface AppInfo {
  readonly version: string;
  readonly environment: string;
}

/** What was recorded by the operations API, as families of a scrape. */
export function stateFamilies(state: MetricsState, app: AppInfo): readonly Family[] {
  return [
    ...operationFamilies(state),
    ...rpcFamilies(state),
    ...businessFamilies(state),
    ...aiFamilies(state),
    ...appFamilies(state, app),
  ];
}

function operationFamilies(state: MetricsState): readonly Family[] {
  const operations = [...state.operations.all()];
  return [
    {
      name: 'operations_total',
      help: 'Finished operations by name and outcome.',
      type: 'counter',
      series: operations.flatMap((operation) => outcomes({ operation: operation.name }, operation)),
    },
    {
      name: 'operation_duration_seconds',
      help: 'Time of operations, failed ones included.',
      type: 'histogram',
      series: operations.map((operation) => labelled({ operation: operation.name }, operation.all())),
    },
    {
      name: 'operations_in_progress',
      help: 'Operations that have started and not ended.',
      type: 'gauge',
      series: operations.map((operation) => labelled({ operation: operation.name }, operation.inProgress)),
    },
  ];
}

function outcomes(labels: Readonly<Record<string, string>>, operation: Operation | undefined) {
  const errors = operation?.errors ?? 0;
  return [
    labelled({ ...labels, status: 'success' }, (operation?.count ?? 0) - errors),
    labelled({ ...labels, status: 'error' }, errors),
  ];
}

function rpcFamilies(state: MetricsState): readonly Family[] {
  const codes = [...state.rpcCodes].flatMap(([method, counts]) =>
    [...counts].map(([code, count]) => labelled({ method, code }, count)),
  );
  return [
    { name: 'rpc_requests_total', help: 'RPC calls by method and status.', type: 'counter', series: codes },
    {
      name: 'rpc_request_duration_seconds',
      help: 'Time of RPC calls.',
      type: 'histogram',
      series: [...state.rpc.all()].map((method) => labelled({ method: method.name }, method.all())),
    },
  ];
}

function businessFamilies(state: MetricsState): readonly Family[] {
  return [
    {
      name: 'oracle_readings_total',
      help: 'Readings by outcome.',
      type: 'counter',
      series: outcomes({}, state.operations.find('reading')),
    },
    {
      name: 'oracle_suggestions_total',
      help: 'Suggestions made.',
      type: 'counter',
      series: [labelled({}, state.suggestions)],
    },
    {
      name: 'oracle_messages_total',
      help: 'Messages handled.',
      type: 'counter',
      series: [labelled({}, state.messages)],
    },
    {
      name: 'oracle_active_users',
      help: 'Different users seen in the last hour (estimate).',
      type: 'gauge',
      series: [labelled({}, state.users.active(state.now()))],
    },
  ];
}

function aiFamilies({ ai }: MetricsState): readonly Family[] {
  const models = [...ai.byModel];
  return [
    {
      name: 'ai_tokens_total',
      help: 'Tokens of AI calls in disjoint kinds.',
      type: 'counter',
      series: models.flatMap(([model, { tokens }]) =>
        [...tokens].map(([kind, count]) => labelled({ model, kind: tokenKindLabels[kind] }, count)),
      ),
    },
    {
      name: 'ai_cost_usd_total',
      help: 'Cost of AI calls in US dollars.',
      type: 'counter',
      series: models.flatMap(([model, { costNanoUsd }]) =>
        costNanoUsd === null ? [] : [labelled({ model }, costNanoUsd / 1e9)],
      ),
    },
    {
      name: 'ai_cost_unknown_calls_total',
      help: 'AI calls of a model without a known price; their cost is missing in ai_cost_usd_total.',
      type: 'counter',
      series: models.flatMap(([model, { unknownCalls }]) =>
        unknownCalls === 0 ? [] : [labelled({ model }, unknownCalls)],
      ),
    },
  ];
}

function appFamilies(state: MetricsState, app: AppInfo): readonly Family[] {
  const uptimeMs = state.timeline.wallMs(state.timeline.nowMs()) - state.timeline.startedAtMs;
  return [
    {
      name: 'app_uptime_seconds',
      help: 'Seconds since the metrics were created.',
      type: 'gauge',
      series: [labelled({}, Math.max(0, uptimeMs) / 1000)],
    },
    {
      name: 'ai_prices_updated_timestamp_seconds',
      help: 'When the published AI prices were last compared, in seconds since 1970.',
      type: 'gauge',
      series: [labelled({}, Date.parse(PRICES_AS_OF) / 1000)],
    },
    { name: 'app_info', help: 'What is running; always 1.', type: 'gauge', series: [labelled({ ...app }, 1)] },
  ];
}
