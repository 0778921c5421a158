import { Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { Clock } from './Clock.js';
import type { CallApi } from './call.js';
import type { Zone } from './format-time.js';
import type { KeyCommand } from './keys.js';
import { type Page, PageContext } from './page-context.js';
import { fetchViews, panels } from './panels/index.js';
import { Boundary } from './parts/Boundary.js';
import { Footer } from './parts/Footer.js';
import { Headline } from './parts/Headline.js';
import { HelpDialog } from './parts/HelpDialog.js';
import { NavigationBar } from './parts/NavigationBar.js';
import { SignInDialog } from './parts/SignInDialog.js';
import { SignInFirst } from './parts/SignInFirst.js';
import { TabTitle } from './parts/TabTitle.js';
import { moveFocus, press, pressNextRange, useKeys } from './use-keys.js';
import { usePoll } from './use-poll.js';
import { type Navigation, useRoute } from './use-route.js';

/** The whole page: one poll of the status for all views, the clock, the navigation, the keys. */
export function App({ call }: { readonly call: CallApi }) {
  const { route, go } = useRoute();
  const status = usePoll('status', (signal) => call('status', {}, signal));
  const { reply: session, again: askSession } = usePoll('session', (signal) => call('session', {}, signal), 60_000);
  const [zone, setZone] = useState<Zone>('local');
  const [dialog, setDialog] = useState<'none' | 'sign-in' | 'help'>('none');
  const close = () => setDialog('none');
  const panel = panels.find(({ place }) => place === route.place);
  const isAlone = panel?.isAlone === true;
  // Also when a session has ended: what was shown to it is not shown any longer.
  const isShut = status.fault?.status === 401 && !isAlone;
  useKeys(useCallback((command) => runCommand(command, go, () => setDialog('help')), [go]));
  useFetchAhead(status.reply !== null);
  const signOut = useCallback(() => void call('signOut').then(askSession, askSession), [call, askSession]);
  const page = useMemo<Page>(
    () => ({ route, go, call, status, session, zone, signIn: () => setDialog('sign-in') }),
    [route, go, call, status, session, zone],
  );
  return (
    <PageContext value={page}>
      <Clock>
        <TabTitle title={panel?.title} />
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <NavigationBar
          onZone={() => setZone(zone === 'utc' ? 'local' : 'utc')}
          onHelp={() => setDialog('help')}
          onSignOut={signOut}
        />
        <main id="main" className={status.fault === null || isAlone || isShut ? '' : 'stale'}>
          {panel === undefined ? (
            <Headline status="no_data" text="There is no such page." />
          ) : isShut ? (
            <SignInFirst />
          ) : (
            <Boundary key={`${panel.id} ${route.item}`}>
              <Suspense fallback={<Headline status="no_data" text="Loading …" />}>
                <panel.Panel item={route.item} />
              </Suspense>
            </Boundary>
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
      </Clock>
    </PageContext>
  );
}

function runCommand(command: KeyCommand, go: Navigation['go'], help: () => void): void {
  if (command.does === 'go') {
    const panel = panels.find(({ key }) => key === command.key);
    if (panel !== undefined) go({ place: panel.place });
  } else if (command.does === 'next' || command.does === 'previous') {
    moveFocus(command.does === 'next' ? 1 : -1);
  } else if (command.does === 'acknowledge' || command.does === 'silence') {
    press(command.does);
  } else if (command.does === 'range') {
    pressNextRange();
  } else if (command.does === 'help') {
    help();
  } else {
    const field = document.querySelector<HTMLElement>('[data-search]');
    if (field === null) go({ place: 'logs' });
    else field.focus();
  }
}

/** Once the first view stands, the others are fetched. */
function useFetchAhead(stands: boolean): void {
  useEffect(() => {
    // What fails here fails again, visibly, when a view is asked for.
    if (stands) fetchViews().catch(() => undefined);
  }, [stands]);
}
