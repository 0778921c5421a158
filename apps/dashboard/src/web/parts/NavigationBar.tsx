import { useEffect, useState } from 'react';
import { usePage } from '../page-context.js';
import { panels } from '../panels/index.js';
import { applyTheme, readTheme, type Theme } from '../theme.js';
import { Link } from './Link.js';

interface NavigationBarProps {
  readonly onZone: () => void;
  readonly onHelp: () => void;
  readonly onSignOut: () => void;
}

/** The views, and what belongs to the reader: zone, theme, keys, sign-in. */
export function NavigationBar({ onZone, onHelp, onSignOut }: NavigationBarProps) {
  const { route, zone, session, signIn } = usePage();
  const [theme, setTheme] = useState<Theme>(() => readTheme(window.localStorage));
  useEffect(() => applyTheme(theme, document.documentElement, window.localStorage), [theme]);
  return (
    <nav className="bar" aria-label="Views">
      <span className="brand">Oracle Monitoring</span>
      {panels
        .filter(({ key }) => key !== null)
        .map(({ id, place, title }) => (
          <Link key={id} to={{ place }} current={place === route.place}>
            {title}
          </Link>
        ))}
      <span className="spring" />
      <button
        type="button"
        className="button quiet"
        onClick={onZone}
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
      <button type="button" className="button quiet keys" onClick={onHelp}>
        Keys
      </button>
      {session !== null &&
        (session.user === null ? (
          <button type="button" className="button quiet" onClick={signIn}>
            Sign in
          </button>
        ) : (
          <button
            type="button"
            className="button quiet"
            onClick={onSignOut}
            aria-label={`Signed in as ${session.user}; sign out`}
          >
            {session.user} · sign out
          </button>
        ))}
    </nav>
  );
}
