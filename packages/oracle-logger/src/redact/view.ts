/*
 * Turns what is neither a plain object nor an array into something plain to look at, without running the getters of
 * strangers. What must run (toJSON, iteration of Map and Headers) may throw: callers catch.
 */

/** How many entries of a collection are looked at. */
const mostEntries = 1000;

/** How much of a chain of prototypes is followed. */
const mostPrototypes = 8;

/** A property's value without running a getter; undefined for accessors and for what is not there. */
export function ownData(object: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

/** {@link ownData} of the object or the nearest prototype that has the property; the engine's own getters may run. */
export function inheritedData(object: object, key: PropertyKey): unknown {
  let holder: object | null = object;
  for (let step = 0; holder !== null && step < mostPrototypes; step++) {
    const found = Object.getOwnPropertyDescriptor(holder, key);
    if (found !== undefined) {
      if ('value' in found) return found.value;
      const getter = found.get;
      return getter !== undefined && isNative(getter) ? getter.call(object) : undefined;
    }
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return undefined;
}

/** Engines keep an Error's `stack` behind a getter of their own, whose text says so. */
function isNative(getter: () => unknown): boolean {
  return Function.prototype.toString.call(getter).endsWith('{ [native code] }');
}

/** Whether the object's own properties are all there is to it. */
export function isPlain(object: object): boolean {
  const prototype = Object.getPrototypeOf(object) as object | null;
  return prototype === Object.prototype || prototype === null;
}

/** What to show of an object that is not plain: a text, an array, a plain object, or the object itself. */
export function viewOf(object: object): unknown {
  if (ArrayBuffer.isView(object)) return `[${tagOf(object)} ${object.byteLength} bytes]`;
  const tag = tagOf(object);
  if (tag === 'Error' || tag === 'DOMException') return viewOfError(object);
  const viewByTag = viewsByTag.get(tag);
  if (viewByTag !== undefined) {
    try {
      return viewByTag(object);
    } catch {
      // Only a tag that lies: what stands below is true of any object.
    }
  }
  if (isMachinery(object)) return viewOfMachinery(object);
  const toJson = inheritedData(object, 'toJSON');
  if (typeof toJson === 'function') return (toJson as () => unknown).call(object);
  return object;
}

const viewsByTag: ReadonlyMap<string, (object: object) => unknown> = new Map<string, (object: object) => unknown>([
  ['Map', (object) => viewOfEntries(Map.prototype.entries.call(object))],
  ['Set', (object) => [...take(Set.prototype.values.call(object))]],
  ['Headers', (object) => viewOfEntries(iterate(object))],
  ['URLSearchParams', (object) => viewOfEntries(iterate(object))],
  ['FormData', (object) => viewOfEntries(iterate(object))],
  ['Date', (object) => viewOfDate(object as Date)],
  ['RegExp', (object) => RegExp.prototype.toString.call(object)],
  ['URL', (object) => (object as URL).href],
  ['String', (object) => String.prototype.valueOf.call(object)],
  ['Number', (object) => Number.prototype.valueOf.call(object)],
  ['Boolean', (object) => Boolean.prototype.valueOf.call(object)],
  ...['ArrayBuffer', 'SharedArrayBuffer'].map(
    (tag) => [tag, (object: object) => `[${tag} ${(object as ArrayBuffer).byteLength} bytes]`] as const,
  ),
  ...[
    'Promise',
    'WeakMap',
    'WeakSet',
    'WeakRef',
    'Generator',
    'AsyncGenerator',
    'Blob',
    'File',
    'Request',
    'Response',
  ].map((tag) => [tag, () => `[${tag}]`] as const),
]);

function viewOfDate(date: Date): string {
  return Number.isNaN(Date.prototype.getTime.call(date)) ? 'Invalid Date' : Date.prototype.toISOString.call(date);
}

/** type, message, stack and cause as L1 wants them, then the error's own fields (`code`, `response` …). */
function viewOfError(error: object): object {
  const view: Record<string, unknown> = {
    type: errorType(error),
    message: errorText(error, 'message'),
    stack: errorStack(error),
  };
  for (const key of ['cause', 'errors']) {
    const value = ownData(error, key);
    if (value !== undefined) view[key] = value;
  }
  for (const key of Object.keys(error).slice(0, mostEntries)) {
    if (!Object.hasOwn(view, key) && key !== 'name') define(view, key, ownData(error, key));
  }
  return view;
}

/** A text of an error; a getter of its class may tell it (`get name()`), one of its own may not. */
export function errorText(error: object, key: 'name' | 'message' | 'stack'): string | undefined {
  try {
    const isOwn = Object.hasOwn(error, key);
    return textOrNothing(isOwn ? inheritedData(error, key) : (error as Record<string, unknown>)[key]);
  } catch {
    // Also the service's own way of writing stacks (`Error.prepareStackTrace`) may throw.
    return undefined;
  }
}

/** The engine puts a stack's text together on first sight, with the message and the name: their getters would run. */
export function errorStack(error: object): string | undefined {
  if (hasOwnGetter(error, 'message') || hasOwnGetter(error, 'name')) return undefined;
  return errorText(error, 'stack');
}

function hasOwnGetter(object: object, key: string): boolean {
  return Object.getOwnPropertyDescriptor(object, key)?.get !== undefined;
}

/** What to call an error: its name, or its class where that says more. */
export function errorType(error: object): string {
  const name = errorText(error, 'name') ?? 'Error';
  if (name !== 'Error') return name;
  const made = inheritedData(error, 'constructor');
  return typeof made === 'function' ? (textOrNothing(ownData(made, 'name')) ?? name) : name;
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Entries as an object when all names are different texts, else as a list of pairs. */
function viewOfEntries(entries: Iterable<unknown>): unknown {
  const pairs = [...take(entries)] as readonly (readonly [unknown, unknown])[];
  const names = new Set(pairs.map(([name]) => name));
  if (names.size < pairs.length || pairs.some(([name]) => typeof name !== 'string')) return pairs;
  const view: Record<string, unknown> = {};
  for (const [name, value] of pairs) define(view, name as string, value);
  return view;
}

function* take(entries: Iterable<unknown>): Generator<unknown> {
  let left = mostEntries;
  for (const entry of entries) {
    if (left-- === 0) return;
    yield entry;
  }
}

function iterate(object: object): Iterable<unknown> {
  return object as Iterable<unknown>;
}

/** Sockets, servers, requests, streams: large, alive and full of buffers; a few facts say more. */
function isMachinery(object: object): boolean {
  return typeof inheritedData(object, 'emit') === 'function' && Object.hasOwn(object, '_events');
}

function viewOfMachinery(object: object): unknown {
  const view: Record<string, unknown> = { type: tagOf(object) };
  for (const key of ['method', 'url', 'path', 'statusCode', 'statusMessage', 'httpVersion', 'headers', 'pid']) {
    const value = ownData(object, key);
    if (value !== undefined && value !== null) view[key] = value;
  }
  return Object.keys(view).length === 1 ? `[${tagOf(object)}]` : view;
}

/** The name an object goes by: its `Symbol.toStringTag` when that is plain data, else its built-in or class name. */
function tagOf(object: object): string {
  const named = inheritedData(object, Symbol.toStringTag);
  if (typeof named === 'string' && named !== '') return named;
  const builtIn = Object.prototype.toString.call(object).slice(8, -1);
  if (builtIn !== 'Object') return builtIn;
  const made = inheritedData(object, 'constructor');
  return (typeof made === 'function' ? textOrNothing(ownData(made, 'name')) : undefined) || 'Object';
}

/** Sets an own property whatever its name: assignment would run the setter of `__proto__`. */
export function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
