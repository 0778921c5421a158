import { describe, expect, it } from '@jest/globals';
import { createDocumentStore, createMemoryStore } from '../../src/index.js';
import { describeStore, noticeFor } from './store-battery.js';

describe('a document store', () => {
  describeStore(() => {
    const document = {};
    let nowMs = 0;
    const open = () => createDocumentStore({ transact: (fn) => fn(document), monotonicMs: () => nowMs });
    return Promise.resolve({
      first: open(),
      second: open(),
      pass: (ms) => {
        nowMs += ms;
        return Promise.resolve();
      },
    });
  });

  it('takes its own lease over at once after a restart', async () => {
    const document = {};
    const open = () => createDocumentStore({ transact: (fn) => fn(document), monotonicMs: () => 0 });
    const epoch = (await open().lead('same', 1000)) ?? 0;
    expect(await open().lead('same', 1000)).toBe(epoch + 1);
  });

  it('counts a leader as silent only for the time in which it could be seen', async () => {
    const document = {};
    let nowMs = 0;
    let isDown = false;
    const open = () =>
      createDocumentStore({
        transact: (fn) => {
          if (isDown) throw new Error('down');
          return fn(document);
        },
        monotonicMs: () => nowMs,
      });
    const standby = open();
    await open().lead('a', 1000);
    expect(await standby.lead('b', 1000)).toBeNull();
    isDown = true;
    nowMs = 5000;
    await expect(standby.lead('b', 1000)).rejects.toThrow('down');
    isDown = false;
    expect(await standby.lead('b', 1000)).toBeNull();
    nowMs = 6100;
    expect(await standby.lead('b', 1000)).toBe(2);
  });

  it('keeps the latest finished notices only', async () => {
    const store = createMemoryStore();
    const epoch = (await store.lead('a', 1000)) ?? 0;
    for (let index = 0; index < 260; index += 1) {
      await store.store(epoch, { notices: [noticeFor(`n${index}`, { state: 'delivered' })] });
    }
    await store.store(epoch, { notices: [noticeFor('waiting')] });
    const { notices } = await store.load();
    expect(notices.length).toBe(201);
    expect(notices.some((notice) => notice.id === 'waiting')).toBe(true);
  });
});
