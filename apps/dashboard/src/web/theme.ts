export type Theme = 'dark' | 'light';

const KEY = 'theme';

/** The chosen theme; dark unless chosen otherwise. A browser that refuses storage simply forgets. */
export function readTheme(storage: Pick<Storage, 'getItem'>): Theme {
  try {
    return storage.getItem(KEY) === 'light' ? 'light' : 'dark';
  } catch {
    return 'dark';
  }
}

/** Shows a theme and remembers it. */
export function applyTheme(theme: Theme, root: HTMLElement, storage: Pick<Storage, 'setItem'>): void {
  root.dataset['theme'] = theme;
  try {
    storage.setItem(KEY, theme);
  } catch {
    // Private windows may forbid storage; the theme then lasts until the page is closed.
  }
}
