import { expect, it } from '@jest/globals';
import { hasPrometheus, startPrometheus } from '../src/index.js';

(hasPrometheus('a Prometheus for tests') ? it : it.skip)(
  'a Prometheus for tests answers questions, and is gone when it is stopped',
  async () => {
    const prometheus = await startPrometheus();
    const answer = await fetch(`${prometheus.url}/api/v1/query?query=1`);
    expect(await answer.json()).toMatchObject({ status: 'success' });
    await prometheus.stop();
    await expect(fetch(`${prometheus.url}/-/ready`)).rejects.toThrow();
  },
);
