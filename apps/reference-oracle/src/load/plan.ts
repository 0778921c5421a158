import type { OperationName } from '../operations/operation.js';
import { createRandom, pick, pickInteger, type Random } from './random.js';

type Fields = Readonly<Record<string, unknown>>;

/** One request of the load. */
export interface PlannedRequest {
  readonly via: 'http' | 'grpc';
  readonly operation: OperationName;
  readonly body: Fields;
  /** Time to wait before it is sent. */
  readonly pauseMs: number;
}

/** Share of each operation, in hundredths; the sum is 100. */
const MIX: readonly (readonly [OperationName, number])[] = [
  ['GetReading', 46],
  ['GetNameReading', 15],
  ['GetQuestionSign', 12],
  ['GetDailyInsight', 10],
  ['GetTimingAlignment', 7],
  ['AnalyzePatterns', 6],
  ['SuggestRange', 4],
];

const FIRST_NAMES = [
  'Ada',
  'Béla',
  'Chiara',
  'Dmitri',
  'Elif',
  'Farah',
  'Gwyneth',
  'Hiro',
  'Ines',
  'Jürgen',
  'Kyle',
  'Lynn',
] as const;
const LAST_NAMES = [
  'Lovelace',
  'Bartók',
  'Rossi',
  'Ivanov',
  'Yıldız',
  'Haddad',
  'Morgan',
  'Tanaka',
  'Sørensen',
  "O'Neill",
] as const;
const QUESTIONS = [
  'Should I take the new job?',
  'Is this the month to move?',
  'Will the harvest be good?',
  'Shall we sign on Friday?',
  'Do I look in the right place?',
] as const;
const USERS = 40;
/** A pause is at most this many times the mean, so that a gentle load never looks dead. */
const LONGEST_PAUSE = 5;

/** An endless plan: the same seed and rate give the same requests at the same distances. */
export function* createPlan(seed: number, perMinute: number): Generator<PlannedRequest, never> {
  const random = createRandom(seed);
  const meanPauseMs = 60_000 / perMinute;
  for (;;) {
    const operation = pickOperation(random);
    yield {
      operation,
      // The HTTP API has this one operation; half of it comes that way.
      via: operation === 'GetReading' && random() < 0.5 ? 'http' : 'grpc',
      body: { user_id: `user-${pickInteger(random, 1, USERS)}`, ...fieldsOf(operation, random) },
      // Independent arrivals are exponentially spaced.
      pauseMs: Math.min(-Math.log(1 - random()), LONGEST_PAUSE) * meanPauseMs,
    };
  }
}

function pickOperation(random: Random): OperationName {
  let rest = random() * 100;
  const found = MIX.find(([, share]) => {
    rest -= share;
    return rest < 0;
  });
  return found?.[0] ?? 'GetReading';
}

function fieldsOf(operation: OperationName, random: Random): Fields {
  const birth = { birth_date: pickDate(random) };
  const named = { name: `${pick(random, FIRST_NAMES)} ${pick(random, LAST_NAMES)}` };
  const asked = { question: pick(random, QUESTIONS) };
  const isExtra = random() < 0.3;
  const fields: Readonly<Record<OperationName, Fields>> = {
    GetReading: { ...named, ...birth, ...(isExtra ? asked : {}) },
    GetNameReading: named,
    GetQuestionSign: asked,
    GetDailyInsight: birth,
    GetTimingAlignment: birth,
    AnalyzePatterns: isExtra ? { user_id: '' } : {},
    SuggestRange: { space_start: '0x20000000000000000', space_end: '0x3ffffffffffffffff', width: '1000000' },
  };
  return fields[operation];
}

function pickDate(random: Random): string {
  const [month, day] = [pickInteger(random, 1, 12), pickInteger(random, 1, 28)];
  return `${pickInteger(random, 1940, 2010)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
