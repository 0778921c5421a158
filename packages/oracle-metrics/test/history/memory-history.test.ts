import { createMemoryMetricsHistory } from '../../src/postgres/index.js';
import { testHistoryContract } from './history-contract.js';
import { testUsageContract } from './usage-contract.js';

for (const testContract of [testHistoryContract, testUsageContract]) {
  testContract('memory', async (now) => ({
    history: createMemoryMetricsHistory({ now }),
    close: async () => undefined,
  }));
}
