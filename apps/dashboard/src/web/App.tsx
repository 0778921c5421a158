import { useCallback, useEffect, useMemo, useState } from 'react';
import { ranges } from '../contract/history.js';
import type { CallApi } from './call.js';
import { faviconOf } from './favicon.js';
import type { Zone } from './format-time.js';
import type { KeyCommand } from './keys.js';
import { NowContext, type Page, PageContext } from './page-context.js';
import { panels } from './panels/index.js';
import { Banners } from './parts/Banners.js';
import { Footer } from './parts/Footer.js';
import { Headline } from './parts/Headline.js';
import { HelpDialog } from './parts/HelpDialog.js';
import { NavigationBar } from './parts/NavigationBar.js';
import { SignInDialog } from './parts/SignInDialog.js';
import { type Route, withParam } from './route.js';
import { overviewSentence, titlePrefix } from './sentence.js';
import { moveFocus, press, useKeys } from './use-keys.js';
import { usePoll } from './use-poll.js';
import { useRoute } from './use-route.js';

/** The whole page: one poll of the status for all views, the clock, the navigation, the keys. */
export function App({ call }: { readonly call: CallApi }) {
  const { route, go } = useRoute();
  const status = usePoll('status', (signal) => call('status', {}, signal));
  const { reply: session, again: askSession } = usePoll('session', (signal) => call('session', {}, signal), 60_000);
  const nowMs = useNow();
  const [zone, setZone] = useState<Zone>('local');
  const [dialog, setDialog] = useState<'none' | 'sign-in' | 'help'>('none');
  const close = () => setDialog('none');
  const panel = panels.find(({ place }) => place === route.place);
  useTitle(
    status.reply === null
      ? null
      : { prefix: titlePrefix(status.reply), icon: faviconOf(overviewSentence(status.reply, nowMs, zone).status) },
    panel?.title,
  );
  useKeys(useCallback((command) => runCommand(command, { route, go, help: () => setDialog('help') }), [route, go]));
  const signOut = useCallback(() => void call('signOut').then(askSession, askSession), [call, askSession]);
  const page = useMemo<Page>(
    () => ({ route, go, call, status, session, zone, signIn: () => setDialog('sign-in') }),
    [route, go, call, status, session, zone],
  );
  return (
    <PageContext value={page}>
      <NowContext value={nowMs}>
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <NavigationBar
          onZone={() => setZone(zone === 'utc' ? 'local' : 'utc')}
          onHelp={() => setDialog('help')}
          onSignOut={signOut}
        />
        <Banners />
        <main id="main" className={status.fault === null ? '' : 'stale'}>
          {panel === undefined ? (
            <Headline status="no_data" text="There is no such page." />
          ) : (
            <panel.Panel key={`${panel.id} ${route.item}`} item={route.item} />
          )}
        </main>
        <Footer />
        {dialog === 'help' && <HelpDialog onClose={close} />}
        {dialog === 'sign-in' && session !== null && (
          <SignInDialog
            call={call}
            session={session}
            onClose={close}
            onSignedIn={() => {
              close();
              askSession();
              status.again();
            }}
          />
        )}
      </NowContext>
    </PageContext>
  );
}

interface CommandWorld {
  readonly route: Route;
  readonly go: (to: Partial<Route>, how?: 'push' | 'replace') => void;
  readonly help: () => void;
}

function runCommand(command: KeyCommand, { route, go, help }: CommandWorld): void {
  if (command.does === 'go') {
    const panel = panels.find(({ key }) => key === command.key);
    if (panel !== undefined) go({ place: panel.place });
  } else if (command.does === 'next' || command.does === 'previous') {
    moveFocus(command.does === 'next' ? 1 : -1);
  } else if (command.does === 'acknowledge' || command.does === 'silence') {
    press(command.does);
  } else if (command.does === 'range') {
    const at = ranges.findIndex((range) => range === (route.params.get('range') ?? '24h'));
    go(withParam(route, 'range', ranges[(at + 1) % ranges.length] ?? ''), 'replace');
  } else if (command.does === 'help') {
    help();
  } else {
    const field = document.querySelector<HTMLElement>('[data-search]');
    if (field === null) go({ place: 'logs' });
    else field.focus();
  }
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
