/** What the harness in fixtures/ hands to an alerter, and what it wants back. Seconds throughout. */
export interface ScenarioConfig {
  readonly poll_s: number;
  readonly probe_timeout_s: number;
  readonly reprobe_s: number;
  readonly fail_threshold: number;
  readonly ok_threshold: number;
  readonly error_rate_gt: number;
  readonly min_total: number;
  readonly min_errors_small: number;
  readonly slow_gt_s: number;
  readonly cooldown_s: number;
  readonly reminder_s: number | null;
  readonly recovered_for: readonly string[];
  readonly inhibit: boolean;
  readonly group_threshold: number;
  readonly group_wait_s: number;
  readonly send_timeout_s: number;
  readonly fallback: string | null;
  readonly fallback_after_s: number;
  readonly lease_s: number;
  readonly sinks: readonly string[];
}

export type ProbeAnswer =
  | {
      readonly ok: true;
      readonly status: string;
      readonly detail?: string;
      readonly metrics?: { readonly total: number; readonly errors: number; readonly age_s: number };
      readonly readings?: readonly { readonly id: string; readonly duration_s: number; readonly done: boolean }[];
    }
  | { readonly ok: false; readonly kind: string; readonly detail?: string };

export interface SinkAnswer {
  readonly status?: number;
  readonly body?: unknown;
  readonly retry_after?: number;
  readonly error?: string;
}

export interface ScenarioEnv {
  readonly config: ScenarioConfig;
  readonly targets: readonly string[];
  readonly replica: number;
  log(...words: readonly unknown[]): void;
  wall(): number;
  mono(): number;
  setTimer(seconds: number, fn: () => void): object;
  clearTimer(timer: object): void;
  probe(target: string, done: (answer: ProbeAnswer) => void): void;
  selfCheck(done: (isGood: boolean) => void): void;
  send(sink: string, message: object, done: (answer: SinkAnswer) => void): void;
  readonly store: { tx<Result>(fn: (document: Record<string, unknown>) => Result): Result };
}

export interface AlerterUnderTest {
  start(): void;
  stop(done: () => void): void;
  silence(request: { readonly id: string; readonly target: string; readonly for_s: number }): void;
  unsilence(id: string): void;
  selfHealth(): string;
}

export interface Scenario {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly duration: number;
  readonly targets: readonly string[];
  /** Everything else the harness understands. */
  readonly [field: string]: unknown;
}

export interface ScenarioResult {
  readonly ok: boolean;
  readonly problems: readonly string[];
  readonly accepted: readonly {
    readonly at: number;
    readonly kind: string;
    readonly rule: string;
    readonly sink: string;
  }[];
}

export interface Harness {
  load(file?: URL | string): { readonly scenarios: readonly Scenario[] };
  run(
    scenario: Scenario,
    document: object,
    create: (env: ScenarioEnv) => AlerterUnderTest,
    options?: { readonly debug?: boolean },
  ): Promise<ScenarioResult>;
}
