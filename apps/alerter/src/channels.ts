import { builtInNotifiers, type Notifier, type NotifierKind } from '@nps/oracle-alerts';
import { messageOf } from './errors.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** Options of channels by their names, as the configuration file's `channels` has them. */
export type ChannelOptions = Readonly<Record<string, unknown>>;

/** The channels ready to send, or every fault at once. */
export type ConfiguredChannels =
  | { readonly notifiers: Readonly<Record<string, Notifier>> }
  | { readonly faults: readonly string[] };

/** A channel that exists as soon as its variables are set, without a configuration file. */
interface EnvironmentChannel {
  readonly kind: string;
  /** All of them must be set; when only some are, that is a fault. */
  readonly required: Readonly<Record<string, string>>;
  readonly optional: Readonly<Record<string, string>>;
}

/** Option of the notifier → variable. */
const ENVIRONMENT_CHANNELS: readonly EnvironmentChannel[] = [
  {
    kind: 'telegram',
    required: { token: 'NPS_BOT_TOKEN', chatId: 'NPS_CHAT_ID' },
    optional: { threadId: 'NPS_THREAD_ID', apiUrl: 'TELEGRAM_API_URL' },
  },
  { kind: 'slack', required: { url: 'SLACK_WEBHOOK_URL' }, optional: {} },
  { kind: 'pagerduty', required: { routingKey: 'PAGERDUTY_ROUTING_KEY' }, optional: { apiUrl: 'PAGERDUTY_API_URL' } },
  {
    kind: 'email',
    required: { host: 'SMTP_HOST', from: 'SMTP_FROM', to: 'SMTP_TO' },
    optional: { port: 'SMTP_PORT', user: 'SMTP_USER', password: 'SMTP_PASSWORD', security: 'SMTP_SECURITY' },
  },
  { kind: 'webhook', required: { url: 'ALERT_WEBHOOK_URL' }, optional: { secret: 'ALERT_WEBHOOK_SECRET' } },
  { kind: 'alertmanager', required: { url: 'ALERTMANAGER_URL' }, optional: {} },
];

/** Channels that the environment alone configures, named after their kind; half a channel is a fault. Pure. */
export function environmentChannels(variables: Variables): {
  readonly channels: ChannelOptions;
  readonly faults: readonly string[];
} {
  const channels: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const { kind, required, optional } of ENVIRONMENT_CHANNELS) {
    const names = Object.values(required);
    const missing = names.filter((name) => !variables[name]);
    if (missing.length === names.length) continue;
    if (missing.length > 0) {
      const present = names.filter((name) => variables[name]);
      faults.push(`${present.join(', ')}: set without ${missing.join(', ')}; the channel ${kind} needs all of them`);
      continue;
    }
    const set = Object.entries({ ...required, ...optional }).filter(([, name]) => variables[name]);
    channels[kind] = { kind, ...Object.fromEntries(set.map(([option, name]) => [option, variables[name]])) };
  }
  return { channels, faults };
}

/**
 * Builds every channel from its options, all faults at once.
 * @param kinds kinds of channel to choose from; third parties' stand beside the built-in ones
 */
export function configureChannels(
  channels: unknown,
  kinds: readonly NotifierKind[] = builtInNotifiers,
): ConfiguredChannels {
  if (typeof channels !== 'object' || channels === null || Array.isArray(channels)) {
    return {
      faults: ['channels: expected an object of channels by name, e.g. { "telegram": { "kind": "telegram", … } }'],
    };
  }
  const faults: string[] = [];
  const notifiers: Record<string, Notifier> = {};
  for (const [name, options] of Object.entries(channels)) {
    const notifier = configureChannel(name, options, kinds);
    if (typeof notifier === 'string') faults.push(notifier);
    else notifiers[name] = notifier;
  }
  return faults.length > 0 ? { faults } : { notifiers };
}

/** The channel, or the sentence that says what is wrong with it. */
function configureChannel(name: string, options: unknown, kinds: readonly NotifierKind[]): Notifier | string {
  const where = `channels.${name.slice(0, 40)}`;
  if (!/^[A-Za-z][\w-]{0,39}$/.test(name))
    return `${where}: a channel's name is a letter, then letters, digits, "_" or "-"`;
  const kind = typeof options === 'object' && options !== null && 'kind' in options ? options.kind : undefined;
  const found = kinds.find((candidate) => candidate.kind === kind);
  if (found === undefined) return `${where}.kind: expected one of ${kinds.map((known) => known.kind).join(', ')}`;
  try {
    return found.configure(options);
  } catch (error) {
    return `${where}: ${messageOf(error)}`;
  }
}
