import { messageOf } from './errors.js';

/** Secrets that the alerter itself reads; each may instead stand in the file named by its `_FILE` twin. */
export const SECRET_VARIABLES = [
  'DATABASE_URL',
  'NPS_BOT_TOKEN',
  'NPS_CHAT_ID',
  'SLACK_WEBHOOK_URL',
  'PAGERDUTY_ROUTING_KEY',
  'SMTP_USER',
  'SMTP_PASSWORD',
  'ALERT_WEBHOOK_URL',
  'ALERT_WEBHOOK_SECRET',
  'ALERTMANAGER_TOKEN',
  'ALERT_HEARTBEAT_URL',
  'HEALTH_TOKEN',
  'ACK_LINK_SECRET',
  'REMOTE_WRITE_URL',
  'REMOTE_WRITE_TOKEN',
] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with every secret from a file filled in, and one sentence for each file that cannot be read. */
export interface ResolvedEnvironment {
  readonly env: Environment;
  /** What was filled in. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
}

/**
 * Fills in `NAME` from the file named by `NAME_FILE` (Docker and Kubernetes secrets). A value set directly wins;
 * one trailing line break is not part of the secret.
 * @param names further variables that may have a twin, e.g. those the configuration file mentions
 */
export function readSecretFiles(
  env: Environment,
  readText: (path: string) => string,
  names: readonly string[] = [],
): ResolvedEnvironment {
  const faults: string[] = [];
  const secrets: Record<string, string> = {};
  for (const name of new Set([...SECRET_VARIABLES, ...names])) {
    const path = env[`${name}_FILE`];
    if (env[name] || !path) continue;
    try {
      secrets[name] = readText(path).replace(/\r?\n$/, '');
    } catch (error) {
      faults.push(`${name}_FILE: cannot read ${path} (${messageOf(error)})`);
    }
  }
  return { env: { ...env, ...secrets }, secrets, faults };
}
