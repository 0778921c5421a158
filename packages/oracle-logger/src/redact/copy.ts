import { isMnemonicList } from './mnemonic.js';
import { followsTellingName, isPairedSecret, maskArgument, mayBePaired } from './pairs.js';
import { mask, type Redactor } from './redactor.js';
import { define, isPlain, ownData, viewOf } from './view.js';

/** How far a copy reaches into a value. */
export interface CopyLimits {
  /** Objects within objects. */
  readonly depth: number;
  /** Entries of one object or list. */
  readonly entries: number;
  /** Values in all. */
  readonly values: number;
}

/** A copy without secrets, functions, cycles and accessors: plain objects, arrays and scalars. */
export function copyRedacted(value: unknown, redactor: Redactor, limits: CopyLimits): unknown {
  return copy(value, { redactor, limits, ancestors: [], left: limits.values, texts: null });
}

/** One copy being made. */
interface Copying {
  readonly redactor: Redactor;
  readonly limits: CopyLimits;
  readonly ancestors: object[];
  /** How many more objects may be copied. */
  left: number;
  /** Long texts that were looked at: errors that share a cause tell it again and again. */
  texts: Map<string, string> | null;
}

function copy(item: unknown, copying: Copying): unknown {
  if (typeof item === 'string') return copyText(item, copying);
  if (typeof item === 'function') return '[Function]';
  if (typeof item === 'symbol') return copying.redactor.text(String(item));
  if (typeof item !== 'object' || item === null) return item;
  const { ancestors, limits } = copying;
  if (ancestors.includes(item)) return '[Circular]';
  if (ancestors.length >= limits.depth || copying.left-- <= 0) return Array.isArray(item) ? '[Array]' : '[Object]';
  ancestors.push(item);
  try {
    return copyObject(item, copying);
  } catch {
    return '[Unreadable]';
  } finally {
    ancestors.pop();
  }
}

/** Shorter texts are looked at faster than they are looked up. */
const shortestRemembered = 64;

/** Texts of one copy that are remembered. */
const rememberedTexts = 1000;

function copyText(text: string, copying: Copying): string {
  const { redactor } = copying;
  if (text.length < shortestRemembered) return redactor.text(text);
  const texts = (copying.texts ??= new Map());
  let shown = texts.get(text);
  if (shown === undefined) {
    shown = redactor.text(text);
    if (texts.size < rememberedTexts) texts.set(text, shown);
  }
  return shown;
}

function copyObject(item: object, copying: Copying): unknown {
  const view = Array.isArray(item) || (isPlain(item) && !Object.hasOwn(item, 'toJSON')) ? item : viewOf(item);
  if (Array.isArray(view)) return copyList(view as unknown[], copying);
  return typeof view === 'object' && view !== null ? copyMembers(view, copying) : copy(view, copying);
}

function copyList(list: readonly unknown[], copying: Copying): unknown[] {
  if (isMnemonicList(list)) return [mask];
  const copies: unknown[] = [];
  // The list itself is the last of them.
  const isEntry = list.length === 2 && Array.isArray(copying.ancestors.at(-2));
  const count = Math.min(list.length, copying.limits.entries);
  for (let index = 0; index < count; index++) {
    const item = ownData(list, index);
    const isHidden = index > 0 && followsTellingName(copying.redactor, ownData(list, index - 1), item, isEntry);
    copies.push(isHidden ? mask : copy(argument(list, index, item), copying));
  }
  if (list.length > count) copies.push(`[${list.length - count} more]`);
  return copies;
}

function argument(list: readonly unknown[], index: number, item: unknown): unknown {
  return index > 0 && typeof item === 'string' ? maskArgument(list, index, item, mask) : item;
}

function copyMembers(holder: object, copying: Copying): object {
  const copies = {};
  let count = 0;
  for (const key of Object.keys(holder)) {
    if (count++ === copying.limits.entries) {
      define(copies, '…', '[more]');
      break;
    }
    const found = Object.getOwnPropertyDescriptor(holder, key);
    const item: unknown = found === undefined || 'value' in found ? found?.value : '[Getter]';
    define(copies, copying.redactor.text(key), copyMember(holder, key, item, copying));
  }
  return copies;
}

function copyMember(holder: object, key: string, item: unknown, copying: Copying): unknown {
  const { redactor } = copying;
  const secrecy = redactor.judge(key);
  const isHidden = redactor.hides(secrecy, item) || (mayBePaired(key) && isPairedSecret(redactor, holder, key, item));
  return isHidden ? mask : copy(item, copying);
}
