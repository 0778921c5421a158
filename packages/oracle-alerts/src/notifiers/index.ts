import { alertmanagerNotifier } from './alertmanager.js';
import { emailNotifier } from './email.js';
import { pagerDutyNotifier } from './pager-duty.js';
import { slackNotifier } from './slack.js';
import { telegramNotifier } from './telegram.js';
import { webhookNotifier } from './webhook.js';

/** Every kind of channel that ships with this package. */
export const builtInNotifiers = [
  telegramNotifier,
  slackNotifier,
  emailNotifier,
  pagerDutyNotifier,
  webhookNotifier,
  alertmanagerNotifier,
] as const;

/** The kinds' words. */
export type BuiltInNotifierKind = (typeof builtInNotifiers)[number]['kind'];
