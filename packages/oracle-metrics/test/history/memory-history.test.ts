import { createMemoryMetricsHistory } from '../../src/postgres/index.js';
import { testHistoryContract } from './history-contract.js';

testHistoryContract('memory', async (now) => ({
  history: createMemoryMetricsHistory({ now }),
  close: async () => undefined,
}));
