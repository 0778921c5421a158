import { describe, expect, it } from '@jest/globals';

import { createMemoryHealthHistory } from '../../src/postgres/index.js';
import { at, testHistory, visits } from './history-battery.js';

testHistory('memory', async () => createMemoryHealthHistory());

describe('createMemoryHealthHistory', () => {
  it('keeps at most maxSpans spans per service', async () => {
    const history = createMemoryHealthHistory({ maxSpans: 2 });
    await history.store(visits('hxhxhx'));
    expect(await history.uptime('oracle', at(0), at(50))).toMatchObject({ upSeconds: 10, downSeconds: 0 });
  });
});
