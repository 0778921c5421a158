/** JSON Schema (draft 2020-12) of rules, routes and maintenance windows, for editors and for the alerter's file. Data. */
import { severities } from '../contract/index.js';

const text = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: text, minItems: 1 } as const;
const figure = { type: 'number' } as const;
const seconds = { type: 'number', minimum: 0, maximum: 604_800 } as const;
const count = { type: 'integer', minimum: 1, maximum: 1000 } as const;

function described<Schema extends object>(
  schema: Schema,
  description: string,
): Schema & { readonly description: string } {
  return { ...schema, description };
}

/** One rule. */
export const ruleSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'signal', 'comparison', 'threshold', 'unit', 'severity', 'summary'],
  properties: {
    name: described({ type: 'string', pattern: '^[a-z][a-z0-9_]{0,63}$' }, 'Unique name of the rule'),
    signal: described(text, 'Signal or Prometheus metric that is judged'),
    over: described(text, 'Divides the signal by this one, e.g. errors over operations'),
    orSignal: described(text, 'A second signal under the same threshold; needs "each"'),
    labels: described({ type: 'object', additionalProperties: { type: 'string' } }, 'Only series with these labels'),
    by: described(texts, 'Labels whose values make alerts of their own'),
    each: described(text, 'Label that names one occurrence; each fires once'),
    services: described(texts, 'Services the rule is for; default all'),
    comparison: described({ enum: ['above', 'below'] }, 'On which side of the threshold a value is bad'),
    threshold: described(figure, 'Strict: a value equal to it does not fire. Ratios are 0–1'),
    clearThreshold: described(figure, 'Where a firing alert becomes good again; default the threshold'),
    unit: described({ enum: ['ratio', 'seconds', 'days', 'usd', 'count', 'state'] }, 'How the value is written'),
    confirmations: described(count, 'Bad samples in a row before it fires; default 1'),
    recoverConfirmations: described(count, 'Good samples in a row before it is over; default 1'),
    forSeconds: described(seconds, 'Seconds it must be bad without a break; default 0'),
    recoverForSeconds: described(seconds, 'Seconds it must be good without a break; default 0'),
    minimumEvents: described(
      { type: 'integer', minimum: 0, maximum: 1e9 },
      'With "over": operations that make the ratio meaningful',
    ),
    minimumErrors: described(
      { type: 'integer', minimum: 1, maximum: 1e9 },
      'With "over": so many errors are meaningful anyway',
    ),
    staleAfterSeconds: described(
      { type: 'number', minimum: 1, maximum: 604_800 },
      'Older figures say nothing; default 30',
    ),
    severity: described({ enum: severities }, 'How loud it is'),
    summary: described(text, 'First line; {service}, {detail}, {value}, {threshold} and labels of "by" are filled in'),
    recoverySummary: described(text, 'First line of the recovery; without it the recovery is shown but not sent'),
    cooldownSeconds: described(seconds, 'From one fire to the next; default 300'),
    flapDamping: described(
      { type: 'boolean' },
      'Whether what changes six times in an hour is told ever more rarely while it goes on; default true',
    ),
    repeatSeconds: described(
      { type: 'number', minimum: 60, maximum: 604_800 },
      'Reminds every so often; default never',
    ),
    inhibits: described(
      { enum: ['source', 'none'] },
      '"source" hides the warnings of the service and of what depends on it',
    ),
    onNoData: described({ enum: ['hold', 'notify'] }, 'What the absence of the signal does; default hold'),
  },
} as const;

/** One route. */
export const routeSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['channels'],
  properties: {
    severities: described(
      { type: 'array', items: { enum: severities }, minItems: 1 },
      'Only these severities; default all',
    ),
    services: described(texts, 'Only these services; default all'),
    rules: described(texts, 'Only these rules; default all'),
    channels: described(texts, 'Names of channels'),
    fallback: described(text, 'Channel that is told when one of these does not take a notice'),
  },
} as const;

/** One weekly maintenance window. */
export const maintenanceSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['startsAtUtc', 'durationMinutes'],
  properties: {
    matcher: described(
      {
        type: 'object',
        additionalProperties: false,
        properties: { service: text, rule: text, severity: { enum: severities } },
      },
      'What it applies to; default everything',
    ),
    weekdays: described(
      { type: 'array', items: { type: 'integer', minimum: 0, maximum: 6 }, minItems: 1 },
      '0 Sunday … 6 Saturday; default every day',
    ),
    startsAtUtc: described({ type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }, 'HH:MM in UTC'),
    durationMinutes: described({ type: 'integer', minimum: 1, maximum: 1440 }, 'How long it lasts'),
    comment: described(text, 'Why'),
  },
} as const;

/** `rules`, `routes` and `maintenance` of the alerter's configuration file; other keys are left to others. */
export const alertsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://unpkg.com/@nps/oracle-alerts/schema/alerts.schema.json',
  title: 'Alert rules, routes and maintenance windows of NPS Oracle Monitoring',
  type: 'object',
  properties: {
    rules: { type: 'array', maxItems: 500, items: ruleSchema },
    routes: { type: 'array', maxItems: 500, items: routeSchema },
    maintenance: { type: 'array', maxItems: 500, items: maintenanceSchema },
  },
} as const;
