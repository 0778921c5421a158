import type { EngineStatus } from '@nps/oracle-alerts';
import type { CollectStatus } from './collect.js';
import type { RecordStatus } from './record.js';

/** Everything the alerter says of itself in figures. */
export interface AlerterFigures {
  readonly engine: EngineStatus;
  readonly collect: CollectStatus;
  /** Null without a database. */
  readonly record: RecordStatus | null;
  readonly database: 'ready' | 'away' | 'none';
  /** Wall clock in ms; null before the first. */
  readonly lastHeartbeatAt: number | null;
}

type Sample = readonly [labels: string, value: number];

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** The alerter's own state as Prometheus text, appended to its operation metrics. Pure. */
export function renderFigures(figures: AlerterFigures): string {
  return families(figures).map(renderFamily).join('');
}

function families({ engine, collect, record, database, lastHeartbeatAt }: AlerterFigures): readonly Family[] {
  const one = (value: number): readonly Sample[] => [['', value]];
  const perChannel = (pick: (channel: EngineStatus['channels'][number]) => number): readonly Sample[] =>
    engine.channels.map((channel) => [
      `{channel="${escapeLabel(channel.name)}",kind="${escapeLabel(channel.kind)}"}`,
      pick(channel),
    ]);
  return [
    { name: 'alerter_targets', type: 'gauge', help: 'Targets being watched.', samples: one(collect.targets) },
    {
      name: 'alerter_visits_total',
      type: 'counter',
      help: 'Finished visits of targets.',
      samples: one(collect.visits),
    },
    {
      name: 'alerter_visits_discarded_total',
      type: 'counter',
      help: 'Visits thrown away because the alerter itself stood still.',
      samples: one(collect.discarded),
    },
    {
      name: 'alerter_last_visit_timestamp_seconds',
      type: 'gauge',
      help: 'When a visit was last finished.',
      samples: instant(collect.lastVisitAt),
    },
    {
      name: 'alerter_last_evaluation_timestamp_seconds',
      type: 'gauge',
      help: 'When the rules were last evaluated completely.',
      samples: instant(engine.lastEvaluationAt),
    },
    {
      name: 'alerter_evaluations_total',
      type: 'counter',
      help: 'Evaluations of all rules.',
      samples: one(engine.evaluations),
    },
    {
      name: 'alerter_leader',
      type: 'gauge',
      help: '1 while this replica leads.',
      samples: one(engine.role === 'leader' ? 1 : 0),
    },
    {
      name: 'alerter_isolated',
      type: 'gauge',
      help: '1 while the own network is gone and probes are not believed.',
      samples: one(engine.network === 'isolated' ? 1 : 0),
    },
    {
      name: 'alerter_database_up',
      type: 'gauge',
      help: '1 while history and alerts are stored, 0 while they are kept in memory.',
      samples: one(database === 'ready' && engine.store === 'ok' ? 1 : 0),
    },
    {
      name: 'alerter_alerts',
      type: 'gauge',
      help: 'Alerts by phase.',
      samples: [
        ['{phase="firing"}', engine.firing],
        ['{phase="pending"}', engine.pending],
      ],
    },
    {
      name: 'alerter_outbox_waiting',
      type: 'gauge',
      help: 'Notices not yet delivered.',
      samples: one(engine.outboxWaiting),
    },
    {
      name: 'alerter_outbox_age_seconds',
      type: 'gauge',
      help: 'Age of the oldest notice not yet delivered.',
      samples: one(engine.outboxAgeSeconds),
    },
    {
      name: 'alerter_delivery_seconds',
      type: 'gauge',
      help: 'From the decision to the accept of the channel, over the last 100 notices.',
      samples: deliveryQuantiles(engine.deliverySeconds),
    },
    {
      name: 'alerter_notices_delivered_total',
      type: 'counter',
      help: 'Notices a channel took.',
      samples: perChannel((channel) => channel.delivered),
    },
    {
      name: 'alerter_notices_failed_total',
      type: 'counter',
      help: 'Attempts a channel did not take.',
      samples: perChannel((channel) => channel.failedAttempts),
    },
    {
      name: 'alerter_notices_rejected_total',
      type: 'counter',
      help: 'Notices a channel refused for good.',
      samples: perChannel((channel) => channel.rejected),
    },
    {
      name: 'alerter_history_waiting',
      type: 'gauge',
      help: 'Visits that wait for the database.',
      samples: record === null ? [] : one(record.waiting),
    },
    {
      name: 'alerter_history_dropped_total',
      type: 'counter',
      help: 'Visits given up because the database stayed away.',
      samples: record === null ? [] : one(record.dropped),
    },
    {
      name: 'alerter_last_heartbeat_timestamp_seconds',
      type: 'gauge',
      help: 'When the outward heartbeat was last taken.',
      samples: instant(lastHeartbeatAt),
    },
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
