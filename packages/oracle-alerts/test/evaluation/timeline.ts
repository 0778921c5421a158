import {
  type AlertEvent,
  createEvaluationState,
  defaultRules,
  type EvaluationState,
  evaluate,
  type Observation,
} from '../../src/index.js';

export const BASE = 1_800_000_000_000;

export interface Played {
  readonly state: EvaluationState;
  readonly events: readonly AlertEvent[];
  /** "kind rule@second" of every event but `pending`. */
  readonly story: readonly string[];
}

/** Plays full observations in order, with a tick at each given second. */
export function play(
  state: EvaluationState,
  observations: readonly Observation[],
  tickSeconds: readonly number[] = [],
): Played {
  const ats = [
    ...new Set([...observations.map(({ at }) => at), ...tickSeconds.map((second) => BASE + second * 1000)]),
  ].sort((a, b) => a - b);
  const events: AlertEvent[] = [];
  let current = state;
  for (const at of ats) {
    const evaluated = evaluate(
      current,
      observations.filter((observation) => observation.at === at),
      at,
    );
    current = evaluated.state;
    events.push(...evaluated.events);
  }
  const story = events
    .filter((event) => event.kind !== 'pending')
    .map((event) => `${event.kind} ${event.rule}@${Math.round((event.at - BASE) / 1000)}`);
  return { state: current, events, story };
}

/** Observations of one service. */
export function observe(
  seconds: number,
  signal: string,
  value: number,
  more: {
    readonly service?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly detail?: string;
  } = {},
): Observation {
  return {
    service: more.service ?? 'oracle',
    signal,
    labels: more.labels ?? {},
    value,
    at: BASE + seconds * 1000,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
  };
}

export function errors(seconds: number, count: number, operations: number, service = 'oracle'): readonly Observation[] {
  const labels = { window: '300' };
  return [
    observe(seconds, 'operations', operations, { labels, service }),
    observe(seconds, 'errors', count, { labels, service }),
  ];
}

/** The same signal again and again. */
export function every(
  stepSeconds: number,
  from: number,
  to: number,
  signal: string,
  value: number,
  more = {},
): readonly Observation[] {
  const list: Observation[] = [];
  for (let second = from; second <= to; second += stepSeconds) list.push(observe(second, signal, value, more));
  return list;
}

export const fresh = (more: Parameters<typeof createEvaluationState>[0] | object = {}): EvaluationState =>
  createEvaluationState({ rules: defaultRules({ aiBudgetUsd: 5, responseSeconds: 2 }), ...more });
