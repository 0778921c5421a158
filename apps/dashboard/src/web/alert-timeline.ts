import type { AlertReply } from '../contract/alerts.js';
import { formatMs } from './format-number.js';

/** One line of an alert's story. */
export interface TimelineEntry {
  readonly at: string;
  readonly kind: 'step' | 'notice' | 'deploy';
  readonly word: string;
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'neutral';
}

const steps: Readonly<Record<string, readonly [word: string, tone: TimelineEntry['tone']]>> = {
  pending: ['being confirmed', 'neutral'],
  fired: ['fired', 'bad'],
  held: ['held', 'neutral'],
  reminded: ['reminded', 'bad'],
  resolved: ['resolved', 'good'],
  dismissed: ['over before it was told', 'good'],
  no_data: ['no data', 'neutral'],
  closed: ['closed: source gone', 'neutral'],
  acknowledged: ['acknowledged', 'good'],
};

/** The word for a step, and whether it is good news. */
export function stepWord(kind: string): { readonly word: string; readonly tone: TimelineEntry['tone'] } {
  const [word, tone] = steps[kind] ?? [kind.replaceAll('_', ' '), 'neutral'];
  return { word, tone };
}

/** Everything that happened around an alert in the order of time. Pure. */
export function timelineOf({
  steps: happened,
  notices,
  deploys,
}: Pick<AlertReply, 'steps' | 'notices' | 'deploys'>): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [
    ...happened.map(({ at, kind, detail }): TimelineEntry => {
      return { at, kind: 'step', ...stepWord(kind), text: detail ?? '' };
    }),
    ...notices.map((notice): TimelineEntry => {
      const tries = notice.attempts === 1 ? '' : `, ${notice.attempts} attempts`;
      const took = notice.latency_ms === null ? '' : `, after ${formatMs(notice.latency_ms)}`;
      const id = notice.message_id === null ? '' : `, message ${notice.message_id}`;
      const why = notice.reason === null ? '' : `: ${notice.reason}`;
      return {
        at: notice.delivered_at ?? notice.created_at,
        kind: 'notice',
        word: `${notice.channel} ${notice.state}`,
        text: `${notice.kind}${tries}${took}${id}${why}`,
        tone: notice.state === 'delivered' ? 'good' : notice.state === 'rejected' ? 'bad' : 'neutral',
      };
    }),
    ...deploys.map(
      (deploy): TimelineEntry => ({
        at: deploy.at,
        kind: 'deploy',
        word: `${deploy.service} ${deploy.version}`,
        text: `released by ${deploy.by}`,
        tone: 'neutral',
      }),
    ),
  ];
  return entries.sort((a, b) => a.at.localeCompare(b.at));
}
