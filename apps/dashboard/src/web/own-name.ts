const KEY = 'name';

/** The name last given on this device; empty at first, and where the browser refuses storage. */
export function readOwnName(storage: Pick<Storage, 'getItem'>): string {
  try {
    return storage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

/** Remembers a name, for the next link. */
export function rememberOwnName(name: string, storage: Pick<Storage, 'setItem'>): void {
  try {
    storage.setItem(KEY, name);
  } catch {
    // A private window may forbid storage: the name is then asked for again.
  }
}
