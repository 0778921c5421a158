import type { NotifierDeps, NotifierKind } from '../define-notifier.js';
import { AlertsError } from '../errors.js';
import type { Notifier } from '../notifier.js';
import { builtInNotifiers } from './index.js';

/** Channels by name, or every fault at once. */
export type ParsedChannels =
  | { readonly notifiers: Readonly<Record<string, Notifier>> }
  | { readonly faults: readonly string[] };

const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/**
 * Builds the channels of a configuration file: `{ "<name>": { "kind": "telegram", … } }`. Secrets must be filled in.
 * @param kinds kinds beside the built-in ones stand on the same footing
 */
export function parseChannels(
  value: unknown,
  deps: NotifierDeps = {},
  kinds: readonly NotifierKind[] = builtInNotifiers,
): ParsedChannels {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { faults: ['channels: expected an object of channels by name'] };
  const faults: string[] = [];
  const notifiers: [string, Notifier][] = [];
  for (const [name, options] of Object.entries(value)) {
    if (!NAME.test(name)) {
      faults.push(`channels: ${JSON.stringify(name.slice(0, 40))}: expected a name of a-z, 0-9, _ and -`);
      continue;
    }
    const word: unknown = (options as { readonly kind?: unknown } | null)?.kind ?? name;
    const kind = kinds.find((candidate) => candidate.kind === word);
    if (kind === undefined) {
      faults.push(`channels.${name}.kind: expected one of ${kinds.map((candidate) => candidate.kind).join(', ')}`);
      continue;
    }
    try {
      notifiers.push([name, kind.configure(options, deps)]);
    } catch (error) {
      if (!(error instanceof AlertsError)) throw error;
      faults.push(`channels.${name}: ${error.message}`);
    }
  }
  return faults.length > 0 ? { faults } : { notifiers: Object.fromEntries(notifiers) };
}
