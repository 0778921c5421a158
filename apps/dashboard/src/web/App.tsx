import { useEffect, useMemo, useState } from 'react';
import type { CallApi } from './call.js';
import { faviconOf } from './favicon.js';
import type { Zone } from './format-time.js';
import { NowContext, type Page, PageContext } from './page-context.js';
import { panels } from './panels/index.js';
import { Banners } from './parts/Banners.js';
import { Footer } from './parts/Footer.js';
import { Headline } from './parts/Headline.js';
import { Link } from './parts/Link.js';
import { overviewSentence, titlePrefix } from './sentence.js';
import { applyTheme, readTheme, type Theme } from './theme.js';
import { usePoll } from './use-poll.js';
import { useRoute } from './use-route.js';

/** The whole page: one poll of the status for all views, the clock, the navigation. */
export function App({ call }: { readonly call: CallApi }) {
  const navigation = useRoute();
  const status = usePoll('status', (signal) => call('status', {}, signal));
  const session = usePoll('session', (signal) => call('session', {}, signal), 60_000).reply;
  const nowMs = useNow();
  const [theme, setTheme] = useState<Theme>(() => readTheme(window.localStorage));
  const [zone, setZone] = useState<Zone>('local');
  useEffect(() => applyTheme(theme, document.documentElement, window.localStorage), [theme]);

  const panel = panels.find(({ place }) => place === navigation.route.place);
  useTitle(
    status.reply === null
      ? null
      : { prefix: titlePrefix(status.reply), icon: faviconOf(overviewSentence(status.reply, nowMs, zone).status) },
    panel?.title,
  );

  const page = useMemo<Page>(
    () => ({ ...navigation, call, status, session, zone, signIn: () => undefined }),
    [navigation, call, status, session, zone],
  );
  return (
    <PageContext value={page}>
      <NowContext value={nowMs}>
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <nav className="bar" aria-label="Views">
          <span className="brand">Oracle Monitoring</span>
          {panels
            .filter(({ key }) => key !== null)
            .map(({ id, place, title }) => (
              <Link key={id} to={{ place }} current={place === navigation.route.place}>
                {title}
              </Link>
            ))}
          <span className="spring" />
          <button
            type="button"
            className="button quiet"
            onClick={() => setZone(zone === 'utc' ? 'local' : 'utc')}
            aria-label={`Times in ${zone === 'utc' ? 'UTC' : 'local time'}; switch`}
          >
            {zone === 'utc' ? 'UTC' : 'Local'}
          </button>
          <button
            type="button"
            className="button quiet"
            onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
            aria-label={`Use the ${theme === 'dark' ? 'light' : 'dark'} theme`}
          >
            {theme === 'dark' ? 'Light' : 'Dark'}
          </button>
        </nav>
        <Banners />
        <main id="main" className={status.fault === null ? '' : 'stale'}>
          {panel === undefined ? (
            <Headline status="no_data" text="There is no such page." />
          ) : (
            <panel.Panel key={`${panel.id} ${navigation.route.item}`} item={navigation.route.item} />
          )}
        </main>
        <Footer />
      </NowContext>
    </PageContext>
  );
}

/** A clock that ticks once a second while the page is seen. */
function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden) setNowMs(Date.now());
    }, 1000);
    return () => window.clearInterval(timer);
  }, []);
  return nowMs;
}

function useTitle(known: { readonly prefix: string; readonly icon: string } | null, title: string | undefined): void {
  const prefix = known?.prefix ?? '';
  const icon = known?.icon ?? 'data:,';
  useEffect(() => {
    document.title = `${prefix}${title === undefined || title === 'Overview' ? '' : `${title} · `}Oracle Monitoring`;
    document.querySelector('link[rel="icon"]')?.setAttribute('href', icon);
  }, [prefix, icon, title]);
}
