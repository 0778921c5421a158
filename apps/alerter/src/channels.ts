type Variables = Readonly<Record<string, string | undefined>>;

/** Options of channels by their names, as the configuration file's `channels` has them. */
export type ChannelOptions = Readonly<Record<string, unknown>>;

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
  { kind: 'pagerduty', required: { routingKey: 'PAGERDUTY_ROUTING_KEY' }, optional: { url: 'PAGERDUTY_API_URL' } },
  {
    kind: 'email',
    required: { host: 'SMTP_HOST', from: 'SMTP_FROM', to: 'SMTP_TO' },
    optional: { port: 'SMTP_PORT', user: 'SMTP_USER', password: 'SMTP_PASSWORD', security: 'SMTP_SECURITY' },
  },
  { kind: 'webhook', required: { url: 'ALERT_WEBHOOK_URL' }, optional: { secret: 'ALERT_WEBHOOK_SECRET' } },
  { kind: 'alertmanager', required: { url: 'ALERTMANAGER_URL' }, optional: { bearerToken: 'ALERTMANAGER_TOKEN' } },
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
