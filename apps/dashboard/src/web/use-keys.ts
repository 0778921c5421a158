import { useEffect } from 'react';
import { commandOf, type KeyCommand, SEQUENCE_MS } from './keys.js';

/** Listens for keys, but not where somebody writes, nor while a dialog is open. */
export function useKeys(run: (command: KeyCommand) => void): void {
  useEffect(() => {
    let before: { readonly key: string; readonly atMs: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isWriting(event.target) ||
        document.querySelector('dialog[open]') !== null
      )
        return;
      const recent = before !== null && event.timeStamp - before.atMs < SEQUENCE_MS ? before.key : null;
      before = { key: event.key, atMs: event.timeStamp };
      const command = commandOf(event.key, recent);
      if (command === null) return;
      before = null;
      event.preventDefault();
      run(command);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [run]);
}

/** Moves the focus to the next (1) or previous (-1) line that can be opened. */
export function moveFocus(direction: 1 | -1): void {
  const lines = [
    ...document.querySelectorAll<HTMLElement>('main tbody th a, main .alert-title, main .log-line button'),
  ];
  const at = lines.findIndex((line) => line === document.activeElement);
  const next =
    at < 0 ? (direction === 1 ? 0 : lines.length - 1) : Math.min(lines.length - 1, Math.max(0, at + direction));
  lines[next]?.focus();
}

/** Presses the button of an action: that of the focused line, else the first on the page. */
export function press(action: 'acknowledge' | 'silence'): void {
  const selector = `[data-action="${action}"]`;
  const line = document.activeElement?.closest('li, tr');
  (line?.querySelector<HTMLElement>(selector) ?? document.querySelector<HTMLElement>(`main ${selector}`))?.click();
}

/** Presses the range after the chosen one, and after the last the first. */
export function pressNextRange(): void {
  const chosen = document.querySelector<HTMLElement>('.ranges [aria-pressed="true"]');
  const next = chosen?.nextElementSibling ?? chosen?.parentElement?.firstElementChild;
  if (next instanceof HTMLElement) next.click();
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea');
}
