import { AlertsError } from './errors.js';
import type { Notifier } from './notifier.js';

/** What every notifier may use besides its own options. */
export interface NotifierDeps {
  /** Sends one HTTP request; the default is axios without redirects and with size caps. */
  readonly request?: HttpRequest;
  /** Wall clock in ms, for signatures. */
  readonly wallMs?: () => number;
}

/** One HTTP request of a notifier. */
export interface HttpCall {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Rejects when no answer came; the message of the error holds no secret. */
export type HttpRequest = (call: HttpCall, signal: AbortSignal) => Promise<HttpAnswer>;

/** Every fault of the options at once, or the options. */
export type ParsedOptions<Options> = { readonly options: Options } | { readonly faults: readonly string[] };

/** A kind of channel whose options are checked when it is configured. */
export interface NotifierKind<Kind extends string = string> {
  readonly kind: Kind;
  /**
   * Builds a notifier from unchecked options.
   * @throws AlertsError `INVALID_CHANNEL` with every fault of the options
   */
  configure(options: unknown, deps?: NotifierDeps): Notifier;
}

/** Declares a kind of channel; its option type stays inside, so that all kinds fit one list. */
export function defineNotifier<Kind extends string, Options>(definition: {
  readonly kind: Kind;
  readonly parseOptions: (value: unknown) => ParsedOptions<Options>;
  readonly create: (options: Options, deps: NotifierDeps) => Omit<Notifier, 'kind'>;
}): NotifierKind<Kind> {
  return {
    kind: definition.kind,
    configure: (value, deps = {}) => {
      const parsed = definition.parseOptions(value);
      if ('faults' in parsed) {
        throw new AlertsError('INVALID_CHANNEL', `channel of kind ${definition.kind}: ${parsed.faults.join('; ')}`);
      }
      return { kind: definition.kind, ...definition.create(parsed.options, deps) };
    },
  };
}
