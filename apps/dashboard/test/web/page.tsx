import { act, cleanup, fireEvent, render } from '@testing-library/react';
import { App } from '../../src/web/App.js';
import { type CallApi, CallFault } from '../../src/web/call.js';
import { calm } from './calm.js';

type Replies = Readonly<Record<string, unknown>>;

/** A page whose server is a list of replies; what was called is kept. */
export interface TestPage {
  readonly calls: readonly (readonly [name: string, input: unknown])[];
  /** What the server answers from now on; an Error is thrown. */
  answer(replies: Replies): void;
  text(selector?: string): string;
  /** Presses a key as a person does. */
  key(...keys: readonly string[]): Promise<void>;
  /** Clicks the first button or link that has this text; `selector` narrows which. */
  click(text: string, selector?: string): Promise<void>;
  /** Chooses an option of a select. */
  choose(selector: string, value: string): Promise<void>;
  /** Sends the form. */
  submit(selector: string): Promise<void>;
  settle(): Promise<void>;
}

/** Opens the page at an address. */
export async function openPage(path: string, replies: Replies = {}): Promise<TestPage> {
  cleanup();
  window.history.replaceState(null, '', path);
  let answers: Replies = { ...calm, ...replies };
  const calls: (readonly [string, unknown])[] = [];
  const call = ((name: string, input: unknown) => {
    calls.push([name, input]);
    const reply = answers[name];
    if (reply instanceof Error) return Promise.reject(reply);
    return reply === undefined
      ? Promise.reject(new CallFault('refused', `Nothing here for ${name}.`, 404))
      : Promise.resolve(reply);
  }) as CallApi;
  const settle = () => act(() => new Promise<void>((resolve) => setTimeout(resolve, 0)));
  render(<App call={call} />);
  await settle();
  await settle();
  return {
    calls,
    settle,
    answer(changed) {
      answers = { ...answers, ...changed };
    },
    text: (selector = 'main') => document.querySelector(selector)?.textContent ?? '',
    async key(...keys) {
      for (const key of keys) {
        act(() => {
          (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        });
      }
      await settle();
    },
    async choose(selector, value) {
      const element = document.querySelector<HTMLSelectElement>(selector);
      if (element === null) throw new Error(`nothing to choose from at ${selector}`);
      fireEvent.change(element, { target: { value } });
      await settle();
    },
    async submit(selector) {
      act(() => {
        document.querySelector(selector)?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
      });
      await settle();
    },
    async click(text, selector = 'button, a') {
      const element = [...document.querySelectorAll<HTMLElement>(selector)].find((each) => each.textContent === text);
      if (element === undefined) throw new Error(`nothing to click says ${text}`);
      act(() => element.click());
      await settle();
    },
  };
}
