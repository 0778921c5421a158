/** Our silences as Alertmanager's own, through its API v2. */
import type { Silence } from '../contract/index.js';
import type { HttpCall, NotifierDeps } from '../define-notifier.js';
import type { Delivery } from '../notifier.js';
import { field, judgeAnswer, parseJson, sendCall } from './judge-answer.js';

/** Adds, changes or ends the silence that stands for ours: found again by our id at the end of its comment. */
export async function mirrorSilence(
  server: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  silence: Silence,
  signal: AbortSignal,
  deps: NotifierDeps,
): Promise<Delivery> {
  const call = (method: HttpCall['method'], path: string, body: string): HttpCall => ({
    method,
    url: `${server.url}/api/v2/${path}`,
    headers: server.headers,
    body,
  });
  let known: unknown;
  const listed = await sendCall(call('GET', 'silences', ''), signal, deps, (answer) =>
    judgeAnswer(answer, ({ body }) => {
      const list: unknown = parseJson(body);
      if (!Array.isArray(list)) return null;
      known = field(
        list.find((other) => isOurs(other, silence.id)),
        'id',
      );
      return { result: 'delivered' };
    }),
  );
  if (listed.result !== 'delivered') return listed;
  const id = typeof known === 'string' ? known : undefined;
  const isOver = silence.endsAt <= (deps.wallMs ?? Date.now)();
  if (isOver && id === undefined) return listed;
  const change = isOver
    ? call('DELETE', `silence/${encodeURIComponent(id ?? '')}`, '')
    : call(
        'POST',
        'silences',
        JSON.stringify({ ...alertmanagerSilence(silence), ...(id === undefined ? {} : { id }) }),
      );
  return sendCall(change, signal, deps, (answer) => judgeAnswer(answer, () => ({ result: 'delivered' })));
}

function isOurs(silence: unknown, id: string): boolean {
  const isOver = field(field(silence, 'status'), 'state') === 'expired';
  const comment = field(silence, 'comment');
  return !isOver && typeof comment === 'string' && comment.endsWith(markOf(id));
}

function markOf(id: string): string {
  return `[nps ${id}]`;
}

/** A silence in the words of Alertmanager: https://prometheus.io/docs/alerting/latest/alertmanager/#silences */
export function alertmanagerSilence({ id, matcher, startsAt, endsAt, createdBy, comment }: Silence): object {
  const names = { service: 'service', rule: 'alertname', severity: 'severity' } as const;
  const matchers = Object.entries(names).flatMap(([ours, name]) => {
    const value = matcher[ours as keyof typeof names];
    return value === undefined ? [] : [{ name, value, isRegex: false, isEqual: true }];
  });
  return {
    // It wants one matcher at least: every alert of ours has a service.
    matchers: matchers.length > 0 ? matchers : [{ name: 'service', value: '.+', isRegex: true, isEqual: true }],
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    createdBy: createdBy || 'unknown',
    comment: `${comment} ${markOf(id)}`.trim(),
  };
}
