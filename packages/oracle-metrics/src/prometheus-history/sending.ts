import type { MetricsError } from '../errors.js';

/** A row of one minute of one service. */
interface MinuteRow {
  readonly service: string;
  readonly atMs: number;
}

/** What an engine has against something in a request. */
export interface Objection {
  /** It is there already, or too old to be taken. */
  readonly isKnown: boolean;
  readonly error: MetricsError;
}

/** Sends rows in one request; null when all were taken. Rejects when the engine takes nothing from us now. */
type Post<Row> = (rows: readonly Row[]) => Promise<Objection | null>;

/** The rows of one minute of one service, which are sent and refused together. */
type Minute<Row> = readonly Row[];

/** Rows of one request, some thousand samples: receivers bound a request's size. */
const ROWS_PER_REQUEST = 50;

/**
 * Sends rows oldest first over all services, because what an engine has taken makes everything older late.
 * @param nameOf tells the rows of a minute apart; of two with one name the first is sent, since engines refuse both
 * @throws the first refusal that is not for being known, once everything is sent
 */
export async function sendMinutes<Row extends MinuteRow>(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  post: Post<Row>,
): Promise<void> {
  const refusals: MetricsError[] = [];
  for (const minutes of requestsOf(minutesOf(rows, nameOf))) refusals.push(...(await sendParts(minutes, post)));
  const [first] = refusals;
  if (first !== undefined) throw first;
}

/**
 * For one sample that it has already, Prometheus takes nothing of a request. So one that is refused is sent in halves, down
 * to the minute of one service.
 */
async function sendParts<Row>(minutes: readonly Minute<Row>[], post: Post<Row>): Promise<readonly MetricsError[]> {
  const objection = await post(minutes.flat());
  if (objection === null) return [];
  if (minutes.length === 1) return objection.isKnown ? [] : [objection.error];
  const half = Math.ceil(minutes.length / 2);
  const older = await sendParts(minutes.slice(0, half), post);
  return [...older, ...(await sendParts(minutes.slice(half), post))];
}

function minutesOf<Row extends MinuteRow>(rows: readonly Row[], nameOf: (row: Row) => string): readonly Minute<Row>[] {
  const minutes = new Map<string, Map<string, Row>>();
  for (const row of [...rows].sort((a, b) => a.atMs - b.atMs)) {
    const key = `${row.atMs} ${row.service}`;
    const minute = minutes.get(key) ?? new Map<string, Row>();
    if (!minute.has(nameOf(row))) minute.set(nameOf(row), row);
    minutes.set(key, minute);
  }
  return Array.from(minutes.values(), (minute) => [...minute.values()]);
}

function requestsOf<Row>(minutes: readonly Minute<Row>[]): readonly (readonly Minute<Row>[])[] {
  const requests: Minute<Row>[][] = [];
  let room = 0;
  for (const minute of minutes) {
    if (room < minute.length) {
      requests.push([]);
      room = ROWS_PER_REQUEST;
    }
    requests.at(-1)?.push(minute);
    room -= minute.length;
  }
  return requests;
}
