import { expect, it } from '@jest/globals';
import { api } from '../../src/contract/api.js';
import { parseInput } from '../../src/contract/field.js';
import type { LogsReply } from '../../src/contract/logs.js';
import { createLogHandlers } from '../../src/server/handlers/logs.js';
import type { LogSource } from '../../src/server/log-source.js';

const none = { lines: [] } as unknown as LogsReply;

it('runs four searches at a time, lets the others wait in their order, and says when to come again to those beyond', async () => {
  const started: { readonly text: string | undefined; finish(): void }[] = [];
  const source: LogSource = {
    search: ({ text }) => new Promise((resolve) => started.push({ text, finish: () => resolve(none) })),
    around: () => Promise.reject(new Error('nobody asks for it here')),
  };
  const { logs } = createLogHandlers(source);
  const ask = (text: string) => {
    const parsed = parseInput(api.logs.input, new Map([['text', text]]));
    if (parsed.outcome === 'faults') throw new Error('the input of this test is wrong');
    const visitor = { may: 'read', by: 'nobody', user: null, sessionId: null, address: '', waitSeconds: 0 } as const;
    return Promise.resolve(logs({ input: parsed.input, visitor, signal: new AbortController().signal }));
  };
  const answers = Array.from({ length: 36 }, (_, turn) => ask(`search ${turn}`));
  expect(started.map(({ text }) => text)).toEqual(['search 0', 'search 1', 'search 2', 'search 3']);
  await expect(ask('one too many')).rejects.toMatchObject({ code: 'TOO_MANY', headers: { 'retry-after': '2' } });
  for (let turn = 0; turn < 36; turn += 1) {
    expect(started.length).toBe(Math.min(36, turn + 4));
    started[turn]?.finish();
    await answers[turn];
  }
  expect(started.map(({ text }) => text)).toEqual(Array.from({ length: 36 }, (_, turn) => `search ${turn}`));
  const later = ask('later');
  expect(started.at(-1)?.text).toBe('later');
  started.at(-1)?.finish();
  expect((await later).status).toBe(200);
});
