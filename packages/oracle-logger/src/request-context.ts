import { AsyncLocalStorage } from 'node:async_hooks';
import { ownFields } from './own-fields.js';
import type { Fields } from './record.js';

// One storage a process is the point: whatever logs below `runWithContext` sees the fields without being handed them.
const storage = new AsyncLocalStorage<Fields>();

/**
 * Runs `fn`; every line logged during it, also after awaits, carries `fields`.
 * Inner contexts add to outer ones and win on the same name.
 */
export function runWithContext<T>(fields: Fields, fn: () => T): T {
  const outer = storage.getStore();
  return storage.run({ ...outer, ...ownFields(fields) }, fn);
}

/** The fields of the running context, or undefined outside of one. */
export function currentContext(): Fields | undefined {
  return storage.getStore();
}
