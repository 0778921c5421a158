import { describe, expect, it } from '@jest/globals';

import { createHealth, defineCheck, dependencyExposition } from '../src/index.js';

describe('dependencyExposition', () => {
  it('tells every check that ran as a metric, in the text format of Prometheus', async () => {
    const health = createHealth({
      service: 'oracle',
      version: '1',
      checks: [
        defineCheck({ name: 'database', run: () => undefined }),
        defineCheck({ name: 'disk', run: () => ({ status: 'warning' }) }),
        defineCheck({ name: 'redis', run: () => ({ status: 'error' }) }),
        defineCheck({ name: 'ai_api', run: () => ({ status: 'skipped' }) }),
      ],
    });
    expect(dependencyExposition(await health.check()).replace(/(duration_seconds\{.*\}) [\d.e-]+/g, '$1 N')).toBe(
      [
        '# HELP dependency_up Whether the last check of the dependency succeeded.',
        '# TYPE dependency_up gauge',
        'dependency_up{dependency="database"} 1',
        'dependency_up{dependency="disk"} 1',
        'dependency_up{dependency="redis"} 0',
        '# HELP dependency_check_duration_seconds Time the last check of the dependency took.',
        '# TYPE dependency_check_duration_seconds gauge',
        'dependency_check_duration_seconds{dependency="database"} N',
        'dependency_check_duration_seconds{dependency="disk"} N',
        'dependency_check_duration_seconds{dependency="redis"} N',
        '',
      ].join('\n'),
    );
  });
});
