import { useEffect } from 'react';
import { faviconOf } from '../favicon.js';
import { usePage } from '../page-context.js';
import { titlePrefix } from '../sentence.js';
import { worstFirst } from '../standing.js';

/** The tab carries the worst state, as a word and as an icon. Draws nothing. */
export function TabTitle({ title }: { readonly title: string | undefined }) {
  const { reply } = usePage().status;
  const prefix = reply === null ? '' : titlePrefix(reply);
  const worst = reply === null ? undefined : worstFirst(Object.values(reply.services), reply.alerts)[0];
  const icon = reply === null ? 'data:,' : faviconOf(worst?.status ?? 'no_data');
  useEffect(() => {
    document.title = `${prefix}${title === undefined || title === 'Overview' ? '' : `${title} · `}Oracle Monitoring`;
    document.querySelector('link[rel="icon"]')?.setAttribute('href', icon);
  }, [prefix, icon, title]);
  return null;
}
