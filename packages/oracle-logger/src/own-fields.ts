import { isProxy } from 'node:util/types';
import type { Fields } from './record.js';

/** Fields taken of one object: a line holds fewer (200). */
const mostFields = 256;

/**
 * The own data of anything as fields: no getter is run, nothing throws, and what is no readable object has none.
 * @param left names that are not wanted
 */
export function ownFields(source: unknown, left: readonly string[] = []): Fields {
  const fields: Record<string, unknown> = {};
  if (typeof source !== 'object' || source === null || isProxy(source)) return fields;
  let count = 0;
  for (const key of Object.keys(source)) {
    if (key === '__proto__' || left.includes(key)) continue;
    if (count++ === mostFields) break;
    const found = Object.getOwnPropertyDescriptor(source, key);
    fields[key] = found === undefined || 'value' in found ? found?.value : '[Getter]';
  }
  return fields;
}
