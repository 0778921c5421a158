import type { Sample } from '../contract/sample.js';

export function parsePrometheusText(_text: string): Sample[] {
  throw new Error('parsePrometheusText is being built');
}
