import type { Clock } from '@nps/oracle-alerts';
import type { ProbeResult, Target } from '@nps/oracle-health/contract';
import type { AlerterConfig } from './config.js';

/** Tells whether this machine's own network works, so that being cut off is not taken for everybody's outage. */
export interface Connectivity {
  /** Takes note of an answer from any target. */
  note(result: ProbeResult, monotonicMs: number): void;
  /** True unless everything that could answer is silent. */
  check(): Promise<boolean>;
}

/** What the check works with. */
export interface ConnectivityDeps {
  readonly clock: Clock;
  readonly probe: (target: Target) => Promise<ProbeResult>;
}

/** An answer younger than this proves the network by itself: one poll and one timeout. */
const PROOF_MS = 7000;

/** Failures that an answer from the other side caused: the way there works. */
const ANSWERED: ReadonlySet<string> = new Set([
  'refused',
  'tls',
  'reset',
  'malformed',
  'oversize',
  'redirect',
  'http_5xx',
  'http_4xx',
  'auth',
  'not_serving',
]);

/**
 * Builds the check. Without witnesses there is nothing to compare with, and every failure is believed: a false alarm is
 * better than silence.
 * @param witnesses endpoints outside the watched services: `tcp://host:port` or http(s) URLs
 */
export function createConnectivity(witnesses: readonly string[], deps: ConnectivityDeps): Connectivity {
  const targets = witnesses.map(witnessTarget);
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  return {
    note: (result, monotonicMs) => {
      if (isAnswer(result)) answeredAtMs = monotonicMs;
    },
    check: async () => {
      if (targets.length === 0 || deps.clock.monotonicMs() - answeredAtMs < PROOF_MS) return true;
      return anyOf(targets.map(async (target) => isAnswer(await deps.probe(target))));
    },
  };
}

/** Whether anything came back at all: even a refusal travelled the network. */
function isAnswer(result: ProbeResult): boolean {
  return result.outcome === 'report' || ANSWERED.has(result.reason);
}

function witnessTarget(url: string, index: number): Target {
  return { name: `witness-${index + 1}`, kind: url.startsWith('tcp:') ? 'tcp' : 'http', url };
}

/** True as soon as one is; false when all are. */
async function anyOf(answers: readonly Promise<boolean>[]): Promise<boolean> {
  return Promise.any(
    answers.map(async (answer) => ((await answer) ? true : Promise.reject(new Error('silent')))),
  ).catch(() => false);
}

/**
 * What tells whether the own network works when the operator names nothing: the database and Telegram, as far as they
 * are on other machines. One's own machine answers even when the cable is out.
 */
export function defaultWitnesses({ connectivityUrls, databaseUrl, variables }: WitnessConfig): readonly string[] {
  if (connectivityUrls.length > 0) return connectivityUrls;
  const telegram = variables['NPS_BOT_TOKEN'] ? (variables['TELEGRAM_API_URL'] ?? 'https://api.telegram.org') : null;
  return [databaseUrl, telegram].flatMap((url) => (url === null ? [] : tcpWitness(url)));
}

type WitnessConfig = Pick<AlerterConfig, 'connectivityUrls' | 'databaseUrl' | 'variables'>;

const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'https:': '443',
  'http:': '80',
  'postgres:': '5432',
  'postgresql:': '5432',
};
const LOOPBACK = /^(localhost|127\..*|\[::1\]|)$/;

/** Only whether the port answers is asked: no credentials, no request. */
function tcpWitness(url: string): readonly string[] {
  if (!URL.canParse(url)) return [];
  const { protocol, hostname, port } = new URL(url);
  return LOOPBACK.test(hostname) ? [] : [`tcp://${hostname}:${port || (DEFAULT_PORTS[protocol] ?? '443')}`];
}
