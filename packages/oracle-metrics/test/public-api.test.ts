import { describe, expect, it } from '@jest/globals';
import * as client from '../src/client/index.js';
import * as contract from '../src/contract/index.js';
import * as grpc from '../src/grpc/index.js';
import * as root from '../src/index.js';
import * as postgres from '../src/postgres/index.js';

describe('the public names', () => {
  it.each([
    [
      '.',
      root,
      [
        'MetricsError',
        'PRICES_AS_OF',
        'createJobMonitor',
        'createMetrics',
        'createPriceList',
        'createSketch',
        'decodeSketch',
        'fromAnthropicUsage',
        'fromGeminiUsage',
        'fromOpenAiUsage',
        'grpcMetrics',
        'httpMetrics',
        'instrumentAxios',
        'instrumentFetch',
        'instrumentPool',
        'jobEndpoints',
        'metricsEndpoint',
        'publishedPrices',
        'toExponentialHistogram',
        'toNativeHistogram',
        'trackOperation',
      ],
    ],
    ['./contract', contract, ['MINUTES_KEPT', 'lostMinutes', 'parseMetricsReport']],
    [
      './client',
      client,
      ['createKeptConnections', 'createNameLookup', 'createSeriesMemo', 'parsePrometheusText', 'scrape'],
    ],
    ['./postgres', postgres, ['createMemoryMetricsHistory', 'createMetricsHistory', 'migrations']],
    ['./grpc', grpc, ['grpcMetrics']],
  ])('of %s are these', (_entry, module, names) => {
    expect(Object.keys(module).sort()).toEqual(names);
  });

  it('have migrations that stand in order and never change once released', () => {
    expect(postgres.migrations.map(({ id }) => id)).toEqual([1, 2, 3, 4].map((step) => `metrics-000${step}`));
  });
});
