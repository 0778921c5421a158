import type { ChannelStatus, EngineStatus } from '@nps/oracle-alerts';
import type { CollectStatus } from './collect.js';
import type { RecordStatus } from './record.js';

/** Everything the alerter says of itself in figures. */
export interface AlerterFigures {
  readonly engine: EngineStatus;
  readonly collect: CollectStatus;
  /** Null without a database. */
  readonly record: RecordStatus | null;
  /** Minutes on their way to an engine; null without one. */
  readonly remote: RecordStatus | null;
  readonly database: 'ready' | 'away' | 'none';
  /** Wall clock in ms; null before the first. */
  readonly lastHeartbeatAt: number | null;
}

type Sample = readonly [labels: string, value: number];

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'summary';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** The alerter's own state as Prometheus text, appended to its operation metrics. Pure. */
export function renderFigures(figures: AlerterFigures): string {
  return [
    ...loopFamilies(figures),
    ...alertFamilies(figures),
    ...deliveryFamilies(figures),
    ...historyFamilies(figures),
  ]
    .map(renderFamily)
    .join('');
}

const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name,
  type: 'gauge',
  help,
  samples,
});
const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name,
  type: 'counter',
  help,
  samples,
});
const one = (value: number | boolean): readonly Sample[] => [['', Number(value)]];

function loopFamilies({ engine, collect, lastHeartbeatAt }: AlerterFigures): readonly Family[] {
  const evaluatedAt = instant(engine.lastEvaluationAt);
  return [
    gauge('alerter_targets', 'Targets being watched.', one(collect.targets)),
    counter('alerter_visits_total', 'Finished visits of targets.', one(collect.visits)),
    counter(
      'alerter_visits_discarded_total',
      'Visits under way while the alerter stood still.',
      one(collect.discarded),
    ),
    gauge('alerter_last_visit_timestamp_seconds', 'When a visit was last finished.', instant(collect.lastVisitAt)),
    gauge('alerter_last_evaluation_timestamp_seconds', 'When the rules were last evaluated completely.', evaluatedAt),
    counter('alerter_evaluations_total', 'Evaluations of all rules.', one(engine.evaluations)),
    gauge('alerter_leader', '1 while this replica leads.', one(engine.role === 'leader')),
    gauge('alerter_isolated', '1 while the own network is gone.', one(engine.network === 'isolated')),
    gauge('alerter_last_heartbeat_timestamp_seconds', 'When the heartbeat was last taken.', instant(lastHeartbeatAt)),
  ];
}

function alertFamilies({ engine }: AlerterFigures): readonly Family[] {
  const byPhase: readonly Sample[] = [
    ['{phase="firing"}', engine.firing],
    ['{phase="pending"}', engine.pending],
  ];
  const quantiles = deliveryQuantiles(engine.deliverySeconds);
  return [
    gauge('alerter_alerts', 'Alerts by phase.', byPhase),
    gauge('alerter_outbox_waiting', 'Notices not yet delivered.', one(engine.outboxWaiting)),
    gauge('alerter_outbox_age_seconds', 'Age of the oldest notice not yet delivered.', one(engine.outboxAgeSeconds)),
    {
      name: 'alerter_delivery_seconds',
      type: 'summary',
      help: 'From the decision to the accept, over the last 100 notices.',
      samples: quantiles,
    },
  ];
}

function deliveryFamilies({ engine }: AlerterFigures): readonly Family[] {
  const perChannel = (pick: (channel: ChannelStatus) => number | null): readonly Sample[] =>
    engine.channels.flatMap((channel): readonly Sample[] => {
      const value = pick(channel);
      const labels = `{channel="${escapeLabel(channel.name)}",kind="${escapeLabel(channel.kind)}"}`;
      return value === null ? [] : [[labels, value]];
    });
  const lastAt = perChannel(({ lastDeliveredAt }) => (lastDeliveredAt === null ? null : lastDeliveredAt / 1000));
  return [
    gauge(
      'alerter_channel_up',
      '0 while a channel takes nothing.',
      perChannel(({ state }) => Number(state === 'ok')),
    ),
    counter(
      'alerter_notices_delivered_total',
      'Notices a channel took.',
      perChannel(({ delivered }) => delivered),
    ),
    counter(
      'alerter_notices_failed_total',
      'Attempts a channel did not take.',
      perChannel((channel) => channel.failedAttempts),
    ),
    counter(
      'alerter_notices_rejected_total',
      'Notices refused for good.',
      perChannel(({ rejected }) => rejected),
    ),
    gauge('alerter_last_delivery_timestamp_seconds', 'When a channel last took a notice.', lastAt),
  ];
}

function historyFamilies({ engine, record, remote, database }: AlerterFigures): readonly Family[] {
  const isStored = database === 'ready' && engine.store === 'ok';
  return [
    gauge('alerter_database_up', '0 while history and alerts are kept in memory.', one(isStored)),
    gauge('alerter_history_waiting', 'Visits that wait for the database.', record === null ? [] : one(record.waiting)),
    counter(
      'alerter_history_dropped_total',
      'Visits given up in a long absence.',
      record === null ? [] : one(record.dropped),
    ),
    gauge(
      'alerter_remote_write_waiting',
      'Minutes that wait for the engine of REMOTE_WRITE_URL.',
      remote === null ? [] : one(remote.waiting),
    ),
    counter(
      'alerter_remote_write_dropped_total',
      'Minutes the engine refused, or that waited for too long.',
      remote === null ? [] : one(remote.dropped),
    ),
  ];
}

function instant(wallMs: number | null): readonly Sample[] {
  return wallMs === null ? [] : [['', wallMs / 1000]];
}

function deliveryQuantiles(seconds: readonly number[]): readonly Sample[] {
  if (seconds.length === 0) return [];
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? 0;
  return ([0.5, 0.95, 1] as const).map((q) => [`{quantile="${q}"}`, at(q)]);
}

function renderFamily({ name, type, help, samples }: Family): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** The escapes of the Prometheus text format 0.0.4 for label values. */
function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
